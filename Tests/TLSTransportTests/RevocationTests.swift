import Authority
import Foundation
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A revoked certificate", .timeLimit(.minutes(1)))
struct RevocationTests {
    private let authority: TestCertificates
    private let own: InstalledFiles
    private let identity: TLSIdentity
    private let exchange: Exchange
    private let book = RevocationBook()

    init() async throws {
        authority = try TestCertificates()
        own = try InstalledFiles(
            TestCertificates.service(.registry), by: authority, trusting: [authority])
        identity = try TLSIdentity(own.files, revocations: book)
        let exchange = try await Exchange(authority, identity.service)
        self.exchange = exchange
        book.watch { exchange.listener.recheckPeers() }
    }

    private var port: Int { exchange.listener.port }

    /// The serial number of the certificate in a file, as the context of its holder says it.
    private func serial(_ files: InstalledFiles) throws -> CertificateSerial {
        try CertificateSerial(TLSContext(role: .caller, files: files.files).serial)
    }

    private func staff(_ role: Role = .counselor) throws -> (InstalledFiles, TLSClient, Caller) {
        let files = try InstalledFiles(
            TestCertificates.person(role), by: authority, trusting: [authority])
        let client = files.client(try TLSContext(role: .caller, files: files.files), port: port)
        return (files, client, Caller(once: client))
    }

    private func refusal(of caller: Caller) async -> RPCFailure? {
        do throws(CallError<NoRefusal>) {
            _ = try await caller.call(Echo(text: "again"))
            return nil
        } catch {
            return error.failure
        }
    }

    @Test("is refused in the handshake, and its holder learns why and whom to ask")
    func handshake() async throws {
        let (files, _, caller) = try staff()
        book.insert(.one(try serial(files)))
        let failure = await refusal(of: caller)
        #expect(failure?.code == .unauthenticated)
        #expect(failure?.message.contains("it is revoked; ask an administrator") == true)
        let (_, _, other) = try staff()
        #expect(try await other.call(Echo(text: "other")).text == "other")
    }

    @Test("ends an open connection at once, and what was called for on it")
    func open() async throws {
        let (files, _, caller) = try staff()
        let (_, _, other) = try staff(.physician)
        #expect(try await other.call(Echo(text: "before")).text == "before")
        let call = Task { try await caller.call(Wait(), options: .init(timeout: .seconds(30))) }
        await exchange.waits.untilBegun()
        let began = ContinuousClock.now
        book.insert(.one(try serial(files)))
        let cut = await #expect(throws: CallError<NoRefusal>.self) { try await call.value }
        await exchange.waits.untilCancelled()
        #expect(began.duration(to: .now) < .seconds(1))
        #expect(cut?.failure.code == .unauthenticated)
        #expect(cut?.failure.outcome == .unknown)
        #expect(cut?.failure.message.contains("revoked; ask an administrator") == true)
        #expect(await refusal(of: caller)?.message.contains("it is revoked") == true)
        #expect(try await other.call(Echo(text: "after")).text == "after")
    }

    @Test("of somebody who has a newer one lets the newer in")
    func renewed() async throws {
        let (files, _, caller) = try staff()
        #expect(try await caller.call(Echo(text: "before")).text == "before")
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let holder = TestCertificates.person(.counselor).description
        book.insert(.all(of: holder, before: now.adding(seconds: -600)))
        #expect(await refusal(of: caller)?.code == .unauthenticated)
        try files.renew(by: authority) { $0.notBefore = Date(timeIntervalSinceNow: -60) }
        let client = files.client(try TLSContext(role: .caller, files: files.files), port: port)
        #expect(try await Caller(once: client).call(Echo(text: "newer")).text == "newer")
        let (_, _, old) = try staff()
        #expect(await refusal(of: old)?.message.contains("it is revoked") == true)
    }

    @Test("of a service makes its callers leave at once, and refuse it")
    func service() async throws {
        let files = try InstalledFiles(
            TestCertificates.service(.clinical), by: authority, trusting: [authority])
        let callers = RevocationBook()
        let context = try TLSContext(role: .caller, files: files.files, revocations: callers)
        let client = files.client(context, port: port)
        callers.watch { client.recheckPeer() }
        let caller = Caller(once: client)
        let call = Task { try await caller.call(Wait(), options: .init(timeout: .seconds(30))) }
        await exchange.waits.untilBegun()
        callers.insert(.one(try CertificateSerial(identity.service.context.serial)))
        let left = await #expect(throws: CallError<NoRefusal>.self) { try await call.value }
        #expect(left?.failure.code == .unauthenticated)
        await exchange.waits.untilCancelled()
        let failure = await refusal(of: caller)
        #expect(failure?.code == .unauthenticated)
        #expect(failure?.message.contains("the other side's certificate is revoked") == true)
    }

    @Test("stays revoked under new files and authorities, and is not taken as one's own")
    func reloaded() async throws {
        let (files, _, caller) = try staff()
        book.insert(.one(try serial(files)))
        let next = try TestCertificates()
        try own.trust([authority, next])
        try own.renew(by: authority)
        guard case .renewed = await identity.refresh() else {
            Issue.record("good files were not used")
            return
        }
        exchange.listener.recheckPeers()
        #expect(await refusal(of: caller)?.message.contains("it is revoked") == true)
        #expect(identity.service.context.problemWithOwnCertificate() == nil)

        // A certificate that is revoked does not take the place of a good one.
        try own.renew(by: authority)
        book.insert(.one(try serial(own)))
        guard case .refused(let reason) = await identity.refresh(insisting: true) else {
            Issue.record("a revoked certificate was taken")
            return
        }
        #expect(reason.contains("it is revoked"), "\(reason)")
        book.insert(.one(try CertificateSerial(identity.service.context.serial)))
        #expect(identity.service.context.problemWithOwnCertificate() == "it is revoked")
    }

    @Test("cuts off its holder alone, while many others call")
    func underLoad() async throws {
        let revoked = try (0..<10).map { _ in try staff() }
        let others = try (0..<4).map { _ in try staff(.physician).2 }
        for (_, _, caller) in revoked {
            #expect(try await caller.call(Echo(text: "before")).text == "before")
        }
        let book = book
        let serials = try revoked.map { try serial($0.0) }
        let failures = await withTaskGroup(of: Int.self) { group in
            for other in others {
                group.addTask {
                    var failures = 0
                    for _ in 0..<300 {
                        let options = CallOptions(timeout: .seconds(20))
                        let reply = try? await other.call(Echo(text: "load"), options: options)
                        failures += reply?.text == "load" ? 0 : 1
                    }
                    return failures
                }
            }
            group.addTask {
                for serial in serials {
                    book.insert(.one(serial))
                    await Task.yield()
                }
                return 0
            }
            return await group.reduce(0, +)
        }
        #expect(failures == 0)
        for (_, _, caller) in revoked {
            #expect(await refusal(of: caller)?.code == .unauthenticated)
        }
    }
}
