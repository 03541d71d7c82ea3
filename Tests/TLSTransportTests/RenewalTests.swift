import Authority
import Foundation
import RPC
import Synchronization
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("Certificate files that are replaced while a service runs", .timeLimit(.minutes(1)))
struct RenewalTests {
    private let authority: TestCertificates
    private let own: InstalledFiles
    private let identity: TLSIdentity
    private let exchange: Exchange

    init() async throws {
        authority = try TestCertificates()
        own = try InstalledFiles(
            TestCertificates.service(.registry), by: authority, trusting: [authority])
        identity = try TLSIdentity(own.files)
        exchange = try await Exchange(authority, identity.service)
    }

    private var port: Int { exchange.listener.port }

    private var served: String {
        get async throws {
            try await servedSerial(port: port, trusting: own.files.authorities)
        }
    }

    /// Reads the new files, and has the connections follow.
    private func refresh() async -> TLSIdentity.Refresh {
        let refresh = await identity.refresh()
        exchange.listener.recheckPeers()
        return refresh
    }

    private func staff(by issuer: TestCertificates, trusting: [TestCertificates]) throws
        -> (files: InstalledFiles, caller: Caller)
    {
        let files = try InstalledFiles(
            TestCertificates.person(.counselor), by: issuer, trusting: trusting)
        let context = try TLSContext(role: .caller, files: files.files)
        return (files, Caller(once: files.client(context, port: port)))
    }

    /// Calls that are made until they are told to stop, and what they have come to.
    private final class Load: Sendable {
        private struct Tally {
            var calls = 0
            var failures: [String] = []
            var isOver = false
        }

        private let tally = Mutex(Tally())

        var calls: Int { tally.withLock { $0.calls } }
        var failures: [String] { tally.withLock { $0.failures } }

        func stop() { tally.withLock { $0.isOver = true } }

        /// `turn`: makes one call.
        func run(_ turn: () async throws(CallError<NoRefusal>) -> Void) async {
            while !tally.withLock({ $0.isOver }) {
                do throws(CallError<NoRefusal>) {
                    try await turn()
                    tally.withLock { $0.calls += 1 }
                } catch {
                    tally.withLock { $0.failures.append(error.description) }
                }
            }
        }
    }

    @Test("are used by new connections, and no call under way fails")
    func underLoad() async throws {
        let load = Load()
        let steady = try exchange.caller()
        let person = try InstalledFiles(
            TestCertificates.person(.counselor), by: authority, trusting: [authority])
        let staff = try TLSContext(role: .caller, files: person.files)
        let echo = Echo(text: "load")
        let options = CallOptions(timeout: .seconds(20))
        let port = port
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await load.run { () throws(CallError<NoRefusal>) in
                        _ = try await steady.call(echo, options: options)
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    await load.run { () throws(CallError<NoRefusal>) in
                        let client = person.client(staff, port: port)
                        defer { client.close() }
                        _ = try await Caller(once: client).call(echo, options: options)
                    }
                }
            }
            var serials: Set<String> = []
            for _ in 0..<8 {
                try own.renew(by: authority)
                guard case .renewed(let serial) = await refresh() else {
                    Issue.record("the new files were not used")
                    break
                }
                #expect(try await served == serial)
                serials.insert(serial)
                let before = load.calls
                while load.calls < before + 50, load.failures.isEmpty {
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            #expect(serials.count == 8)
            load.stop()
            try await group.waitForAll()
        }
        #expect(load.failures == [])
        #expect(load.calls >= 400)
    }

    /// One way in which new files are bad, and words of what is said of them.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: String
        let spoil: @Sendable (InstalledFiles, TestCertificates) throws -> Void
    }

    static let faults = [
        Fault(testDescription: "half a certificate", words: "not a readable certificate") {
            files, _ in
            let text = try String(contentsOfFile: files.files.certificate, encoding: .utf8)
            try files.write(certificate: String(text.prefix(text.count / 2)))
        },
        Fault(testDescription: "no certificate", words: "not a readable certificate") { files, _ in
            try FileManager.default.removeItem(atPath: files.files.certificate)
        },
        Fault(testDescription: "another's key", words: "key") { files, authority in
            let other = try authority.authority.issue(
                TestCertificates.request(TestCertificates.service(.registry)))
            try files.write(key: other.key)
        },
        Fault(testDescription: "an expired certificate", words: "expired") { files, authority in
            try files.renew(by: authority) { $0.notAfter = Date(timeIntervalSinceNow: -60) }
        },
        Fault(testDescription: "a certificate for later", words: "not yet valid") {
            files, authority in
            try files.renew(by: authority) { $0.notBefore = Date(timeIntervalSinceNow: 1800) }
        },
        Fault(testDescription: "another service's certificate", words: "until it is started again")
        { files, authority in
            try files.renew(by: authority) { $0.uris = ["spiffe://pulih.test/service/clinical"] }
        },
        Fault(testDescription: "another domain's certificate", words: "until it is started again") {
            files, authority in
            try files.renew(by: authority) { $0.uris = ["spiffe://other.test/service/registry"] }
        },
        Fault(testDescription: "a certificate for one side only", words: "purpose") {
            files, authority in
            try files.renew(by: authority) { $0.forClients = false }
        },
        Fault(testDescription: "authorities without its own", words: "every peer would refuse") {
            files, _ in
            try files.trust([TestCertificates()])
        },
    ]

    @Test("with something bad change nothing, and it is said once what", arguments: faults)
    func bad(fault: Fault) async throws {
        let before = try await served
        let caller = try exchange.caller()
        #expect(try await caller.call(Echo(text: "before")).text == "before")
        try fault.spoil(own, authority)
        // At first they may be half replaced only.
        #expect(await refresh() == .unchanged)
        guard case .refused(let reason) = await refresh() else {
            Issue.record("bad files were not refused")
            return
        }
        #expect(reason.contains(fault.words), "\(reason)")
        #expect(await refresh() == .unchanged)
        #expect(try await caller.call(Echo(text: "after")).text == "after")
        #expect(try await servedSerial(port: port, trusting: authority.authorityFile) == before)

        try own.trust([authority])
        try own.renew(by: authority)
        guard case .renewed = await refresh() else {
            Issue.record("good files were not used")
            return
        }
        #expect(try await served != before)
    }

    @Test("one after the other are waited for until they fit")
    func halfReplaced() async throws {
        let new = try authority.authority.issue(
            TestCertificates.request(TestCertificates.service(.registry)))
        let half = String(new.certificate.prefix(200))
        try own.write(certificate: half)
        #expect(await refresh() == .unchanged)
        try own.write(certificate: new.certificate)
        #expect(await refresh() == .unchanged)
        #expect(try await exchange.caller().call(Echo(text: "now")).text == "now")
        try own.write(key: new.key)
        guard case .renewed(let serial) = await refresh() else {
            Issue.record("complete files were not used")
            return
        }
        #expect(try await served == serial)
        #expect(await refresh() == .unchanged)
    }

    @Test("that somebody says are new are judged at once, and what else stands against them counts")
    func insisting() async throws {
        #expect(
            await identity.refresh(insisting: true) { "not today" }
                == .refused(reason: "not today"))
        guard case .renewed = await identity.refresh(insisting: true) else {
            Issue.record("files were not read anew")
            return
        }
    }

    @Test("let one authority follow another: callers of the old are cut off when it goes")
    func authorities() async throws {
        let next = try TestCertificates()
        let (_, old) = try staff(by: authority, trusting: [authority, next])
        try own.trust([authority, next])
        guard case .renewed = await refresh() else {
            Issue.record("a second authority was not taken")
            return
        }
        let (_, new) = try staff(by: next, trusting: [authority, next])
        try own.renew(by: next)
        guard case .renewed = await refresh() else {
            Issue.record("a certificate of the second authority was not taken")
            return
        }
        for caller in [old, new] {
            #expect(try await caller.call(Echo(text: "both")).text == "both")
        }

        let open = Task { try await old.call(Wait(), options: .init(timeout: .seconds(30))) }
        await exchange.waits.untilBegun()
        try own.trust([next])
        let began = ContinuousClock.now
        guard case .renewed = await refresh() else {
            Issue.record("the first authority did not go")
            return
        }
        // The open call is cut off, and the handler learns of it.
        await exchange.waits.untilCancelled()
        #expect(began.duration(to: .now) < .seconds(8))
        let cut = await #expect(throws: CallError<NoRefusal>.self) { try await open.value }
        #expect(cut?.failure.code == .unavailable)
        #expect(cut?.failure.outcome == .unknown)
        let refused = await #expect(throws: CallError<NoRefusal>.self) {
            try await old.call(Echo(text: "again"))
        }
        #expect(refused?.failure.code == .unauthenticated)
        #expect(try await new.call(Echo(text: "still")).text == "still")
    }

    @Test("of a caller: it leaves a service that it trusts no more")
    func callerSide() async throws {
        let next = try TestCertificates()
        try own.trust([authority, next])
        guard case .renewed = await refresh() else {
            Issue.record("a second authority was not taken")
            return
        }
        let files = try InstalledFiles(
            TestCertificates.person(.counselor), by: next, trusting: [authority, next])
        let person = try TLSIdentity(files.files)
        let client = files.client(person.caller, port: port)
        let caller = Caller(once: client)
        #expect(try await caller.call(Echo(text: "trusted")).text == "trusted")
        try files.trust([next])
        guard case .renewed = await person.refresh() else {
            Issue.record("the first authority did not go")
            return
        }
        client.recheckPeer()
        var refused: RPCFailure?
        // It leaves on its loop, so a call or two may still be answered.
        while refused == nil {
            do throws(CallError<NoRefusal>) {
                _ = try await caller.call(Echo(text: "distrusted"))
            } catch {
                refused = error.failure
            }
        }
        #expect(refused?.code == .unauthenticated)
        #expect(refused?.message.contains("authority") == true)
    }

    @Test("too late: a connection does not outlive its caller's certificate")
    func expiry() async throws {
        let files = try InstalledFiles(
            TestCertificates.person(.counselor), by: authority, trusting: [authority])
        try files.renew(by: authority) { $0.notAfter = Date(timeIntervalSinceNow: 3) }
        let context = try TLSContext(role: .caller, files: files.files)
        let caller = Caller(once: files.client(context, port: port))
        let failure = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(Wait(), options: .init(timeout: .seconds(30)))
        }
        #expect(failure?.failure.code == .unavailable)
        await exchange.waits.untilCancelled()
    }
}
