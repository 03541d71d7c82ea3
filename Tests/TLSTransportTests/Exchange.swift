import Authority
import Foundation
import Logging
import RPC
import TLSTransport
import TestKit
import Vocabulary

/// Says back what it was asked.
struct Echo: RPCMethod {
    static let name: MethodName = "test.text.echo"
    static let access = Access.everyone
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly

    let text: String

    struct Reply: Codable, Equatable {
        let text: String
        let caller: String
    }
}

/// Never answers by itself.
struct Wait: RPCMethod {
    static let name: MethodName = "test.call.wait"
    static let access = Access.everyone
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly

    struct Reply: Codable {}
}

/// Counts from one.
struct Count: RPCStream {
    static let name: MethodName = "test.number.count"
    static let access = Access.everyone
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly
    /// Long enough for thousands of messages on a machine that does much else.
    static let timeout = Duration.seconds(60)

    let upTo: Int

    struct Element: Codable, Equatable {
        let number: Int
        let filler: String
    }
}

/// Counts from one, but no further than to one until a gate is opened.
struct CountSlowly: RPCStream {
    static let name: MethodName = "test.number.slowly"
    static let access = Access.everyone
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly

    let upTo: Int

    typealias Element = Count.Element
}

/// Holds tasks until it is opened.
actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}

/// Certificates, a listening service that echoes, and clients for it.
struct Exchange {
    let certificates: TestCertificates
    let listener: TLSListener
    let waits = WaitLog()
    let gate = Gate()

    init(serving request: CertificateRequest? = nil) async throws {
        let certificates = try TestCertificates()
        let request = request ?? TestCertificates.request(TestCertificates.service(.registry))
        let context = try TLSContext(
            role: .service, files: Self.files(certificates, request),
            claiming: TestCertificates.domain)
        try await self.init(certificates, context)
    }

    /// Serves with a context that a test changes, or within other bounds than usual.
    init(
        _ certificates: TestCertificates, _ source: any TLSContextSource,
        handshakesMaximum: Int = 256, logger: Logger = Logger(label: "test"),
        refusals: (any CertificateRefusals)? = nil
    ) async throws {
        let (waits, gate) = (self.waits, self.gate)
        let router = try Router(
            declared: [Echo.self, Wait.self, Count.self, CountSlowly.self],
            handlers: [
                .unary(Echo.self) { request, context in
                    Echo.Reply(text: request.text, caller: "\(context.identity)")
                },
                .unary(Wait.self) { _, _ in
                    await waits.begin()
                    do {
                        try await Task.sleep(for: .seconds(60))
                    } catch {
                        await waits.cancel()
                        throw error
                    }
                    return Wait.Reply()
                },
                .stream(Count.self) { request, _, send in
                    for number in 1...request.upTo {
                        try await send(
                            Count.Element(
                                number: number, filler: String(repeating: "x", count: 1000)))
                    }
                },
                .stream(CountSlowly.self) { request, _, send in
                    for number in 1...request.upTo {
                        try await send(Count.Element(number: number, filler: ""))
                        await waits.begin()
                        await gate.wait()
                    }
                },
            ],
            logger: Logger(label: "test"), now: { Timestamp(microseconds: 0) })
        self.certificates = certificates
        listener = try await TLSListener.start(
            ServiceAddress(host: "127.0.0.1", port: 0), context: source, handler: router,
            agent: "test", logger: logger, certificates: refusals,
            handshakesMaximum: handshakesMaximum)
    }

    static func files(
        _ certificates: TestCertificates, _ request: CertificateRequest
    ) throws -> TLSFiles {
        let (certificate, key) = try certificates.issue(request)
        return TLSFiles(
            certificate: certificate, key: key, authorities: certificates.authorityFile)
    }

    func caller(
        _ request: CertificateRequest? = nil, host: String = "127.0.0.1",
        expecting peer: ServiceName = .registry, from other: TestCertificates? = nil
    ) throws -> Caller {
        let request = request ?? TestCertificates.request(TestCertificates.person(.counselor))
        var files = try Self.files(other ?? certificates, request)
        files.authorities = certificates.authorityFile
        let context = try TLSContext(role: .caller, files: files)
        let client = TLSClient(
            ServiceAddress(host: host, port: listener.port), peer: peer, context: context,
            agent: "test")
        return Caller(client, retries: .none) { .random(at: Timestamp(microseconds: 0)) }
    }
}

/// Tells a test when a waiting handler began and when it was cancelled.
actor WaitLog {
    private var begun = 0
    private var cancelled = 0
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func begin() {
        begun += 1
        wake()
    }
    func cancel() {
        cancelled += 1
        wake()
    }

    func untilBegun() async { while begun == 0 { await next() } }
    func untilCancelled() async { while cancelled == 0 { await next() } }

    private func next() async { await withCheckedContinuation { waiters.append($0) } }

    private func wake() {
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }
}
