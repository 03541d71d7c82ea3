import RPC
import Synchronization
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A service with several addresses", .timeLimit(.minutes(1)))
struct DialingTests {
    private let exchange: Exchange
    private let context: TLSContext

    init() async throws {
        exchange = try await Exchange()
        let request = TestCertificates.request(TestCertificates.person(.counselor))
        context = try TLSContext(
            role: .caller, files: Exchange.files(exchange.certificates, request))
    }

    private var good: ServiceAddress {
        ServiceAddress(host: "127.0.0.1", port: exchange.listener.port)
    }

    private func caller(
        _ addresses: [ServiceAddress], _ resolver: HostResolver = .system
    ) -> Caller {
        Caller(
            once: TLSClient(
                addresses, peer: .registry, context: context, agent: "test", resolver: resolver))
    }

    /// Names and what they stand for.
    private func resolver(_ names: [String: [String]]) -> HostResolver {
        HostResolver { host in
            guard let addresses = names[host] else { throw HostResolver.Problem("no such name") }
            return addresses
        }
    }

    @Test("is reached at the next where nothing listens at the first")
    func dead() async throws {
        let dead = ServiceAddress(host: "127.0.0.1", port: try await SilentPeer.deadPort())
        #expect(try await caller([dead, good]).call(Echo(text: "second")).text == "second")
    }

    @Test("is reached at the next where the first takes connections and never speaks")
    func silent() async throws {
        let peer = try await SilentPeer()
        let silent = ServiceAddress(host: "127.0.0.1", port: peer.port)
        let began = ContinuousClock.now
        #expect(try await caller([silent, good]).call(Echo(text: "second")).text == "second")
        // A second's head start, and not the five that a handshake may take.
        #expect(began.duration(to: .now) < .seconds(4))
        try await peer.close()
    }

    @Test("is reached at each address that its name has")
    func name() async throws {
        // At the same port of another address of the loopback.
        let peer = try await SilentPeer(host: "127.0.0.2", port: exchange.listener.port)
        let names = resolver(["localhost": ["127.0.0.3", "127.0.0.2", "127.0.0.1"]])
        let named = ServiceAddress(host: "localhost", port: exchange.listener.port)
        #expect(try await caller([named], names).call(Echo(text: "third")).text == "third")
        try await peer.close()
    }

    @Test("is first tried where it answered last")
    func preferred() async throws {
        let asked = Mutex<[String]>([])
        let names = HostResolver { host in
            asked.withLock { $0.append(host) }
            guard host == "localhost" else { throw HostResolver.Problem("no such name") }
            return ["127.0.0.1"]
        }
        let addresses = ["elsewhere.test", "localhost"].map {
            ServiceAddress(host: $0, port: exchange.listener.port)
        }
        let client = TLSClient(
            addresses, peer: .registry, context: context, agent: "test", resolver: names)
        let caller = Caller(once: client)
        #expect(try await caller.call(Echo(text: "one")).text == "one")
        #expect(asked.withLock { $0 } == ["elsewhere.test", "localhost"])
        // The service goes, so that the caller must dial again.
        await exchange.listener.drain(within: .seconds(5))
        // A call may still find the old connection, and fail with it.
        while asked.withLock({ $0.count == 2 }) { _ = try? await caller.call(Echo(text: "gone")) }
        #expect(asked.withLock { $0[2] } == "localhost")
    }

    @Test("must show a certificate for the name, not for what the name stands for")
    func otherName() async throws {
        let names = resolver(["elsewhere.test": ["127.0.0.1"]])
        let named = ServiceAddress(host: "elsewhere.test", port: exchange.listener.port)
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller([named], names).call(Echo(text: "who?"))
        }
        #expect(error?.failure.code == .unauthenticated)
        #expect(error?.failure.message.contains("elsewhere.test") == true)
    }

    @Test("is found by this machine's own names")
    func system() async throws {
        let named = ServiceAddress(host: "localhost", port: exchange.listener.port)
        #expect(try await caller([named]).call(Echo(text: "named")).text == "named")
    }

    @Test("that answers at none says where it was looked for")
    func none() async throws {
        let port = try await SilentPeer.deadPort()
        let dead = ServiceAddress(host: "127.0.0.1", port: port)
        let unknown = ServiceAddress(host: "nowhere.test", port: port)
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller([dead, unknown], resolver([:])).call(Echo(text: "anybody?"))
        }
        #expect(error?.failure.code == .unavailable)
        #expect(error?.failure.outcome == .notProcessed)
        #expect(error?.failure.retry == .later)
        let message = error?.failure.message ?? ""
        #expect(message.contains("127.0.0.1:\(port)"), "\(message)")
        #expect(message.contains("nowhere.test"), "\(message)")
    }

    @Test("is left alone again where the client was closed while it dialed")
    func closedMeanwhile() async throws {
        for _ in 0..<20 {
            let client = TLSClient(
                [good], peer: .registry, context: context, agent: "test", resolver: .system)
            let open = Task { try await Caller(once: client).call(Echo(text: "closing")) }
            await Task.yield()
            client.close()
            _ = await open.result
        }
        // Its loops are well: a connection that is not wanted closes without harm.
        #expect(try await caller([good]).call(Echo(text: "well")).text == "well")
    }

    @Test("is listed with commas, and a wrong part is named")
    func list() throws {
        let addresses = try ServiceAddress.list(text: "a.test:7401, [::1]:7402")
        #expect(addresses.map(\.description) == ["a.test:7401", "[::1]:7402"])
        for (text, part) in [
            ("a.test:7401,b.test", "b.test"), ("a.test:7401,", ""), ("", ""),
            ("a.test:0", "a.test:0"), (":7401,b.test:1", ":7401"),
        ] {
            #expect(throws: ServiceAddress.Problem(part: part), "\(text)") {
                try ServiceAddress.list(text: text)
            }
        }
    }
}
