import Foundation
import Logging
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

/// Runs the whole table; `swift test --filter BadCertificatesTests` prints how many were refused.
@Suite("Certificates that are bad in every way there is", .timeLimit(.minutes(3)))
struct BadCertificatesTests {
    private let forge: CertificateForge

    init() throws { forge = try CertificateForge() }

    /// One case of the table: a certificate and who shows it.
    private struct Case {
        let bad: BadCertificate
        let side: BadCertificate.Side
        let peer: ForeignPeers.Peer
    }

    private func cases(_ side: BadCertificate.Side, port: Int = 0) throws -> [Case] {
        try BadCertificate.all.filter { $0.sides.contains(side) }.map { bad in
            Case(bad: bad, side: side, peer: try peer(bad, side, port: port))
        }
    }

    private func peer(
        _ bad: BadCertificate, _ side: BadCertificate.Side, port: Int
    ) throws -> ForeignPeers.Peer {
        let (certificate, key) = try bad.make(forge, side)
        let name = UUID().uuidString
        return ForeignPeers.Peer(
            side: side.rawValue, habit: bad.habit.rawValue, host: "127.0.0.1",
            certificate: try forge.directory.write(name + ".pem", certificate),
            key: try forge.directory.write(name + ".key", key), authorities: forge.authorities,
            port: port)
    }

    /// A good certificate of the side that judges, with a list of what it knows to be revoked.
    private func judge(
        _ side: BadCertificate.Side, knowing revoked: [RevokedCertificates]
    ) throws -> TLSContext {
        let good = BadCertificate(name: "good", words: "")
        let peer = try peer(good, side, port: 0)
        let book = RevocationBook()
        book.insert(contentsOf: revoked)
        return try TLSContext(
            role: side == .caller ? .caller : .service,
            files: TLSFiles(
                certificate: peer.certificate, key: peer.key, authorities: forge.authorities),
            revocations: book)
    }

    /// A service on a port of its own, which may know something to be revoked.
    private func service(
        _ log: LogKeeper, knowing revoked: [RevokedCertificates] = [],
        telling refusals: (any CertificateRefusals)? = nil
    ) async throws -> Exchange {
        try await Exchange(
            TestCertificates(), try judge(.service, knowing: revoked), logger: log.logger,
            refusals: refusals)
    }

    @Test("are refused by services and by callers, before a byte of the application is read")
    func all() async throws {
        let (byService, told) = try await refusedByService()
        let refused = byService + (try await refusedByCaller())
        let count = BadCertificate.all.reduce(0) { $0 + $1.sides.count }
        SecurityFigure.all("certificates refused", refused, of: count)
        #expect(refused == count)
        let shown = BadCertificate.all.count { $0.sides.contains(.caller) && $0.habit == .none }
        SecurityFigure.all("refused certificates accounted for", told, of: shown)
        #expect(told == shown)
        // Whoever takes one out of the table must say so here.
        #expect(BadCertificate.all.count == 41)
        #expect(count == 75)
        #expect(Set(BadCertificate.all.map(\.name)).count == BadCertificate.all.count)
    }

    /// How many bad callers a service has refused: with a row in its log that says why, with a
    /// word to whoever accounts for the certificates that were shown, and without a byte of an
    /// answer, though each of them speaks before it is judged.
    private func refusedByService() async throws -> (refused: Int, told: Int) {
        var refused = 0
        var told = 0
        for bad in BadCertificate.all where bad.sides.contains(.caller) {
            let log = LogKeeper()
            let keeper = RefusalKeeper()
            let exchange = try await service(log, knowing: bad.revoked, telling: keeper)
            let peer = try peer(bad, .caller, port: exchange.listener.port)
            let peers = try ForeignPeers([peer])
            let end = try await peers.end(0)
            let waited = ContinuousClock.now
            while log.rows.isEmpty, waited.duration(to: .now) < .seconds(5) {
                try await Task.sleep(for: .milliseconds(1))
            }
            // Until the connection is gone: nothing can come after that.
            await exchange.listener.drain(within: .seconds(5))
            let rows = log.rows
            // What is read and is no HELLO is logged as a breach, so a second row would tell.
            let isRefused =
                end.got == 0 && rows.count == 1
                && rows.allSatisfy { $0.hasPrefix("connection refused") && $0.contains(bad.words) }
            #expect(isRefused, "a caller's certificate \(bad.name): \(end), \(rows)")
            let isTold = keeper.fits(bad)
            #expect(isTold, "a caller's certificate \(bad.name): \(keeper.refusals)")
            refused += isRefused ? 1 : 0
            told += isTold && bad.habit == .none ? 1 : 0
        }
        return (refused, told)
    }

    /// How many bad services a caller has refused: with an error that says why, and without
    /// having sent them a byte.
    private func refusedByCaller() async throws -> Int {
        let cases = try cases(.service)
        let peers = try ForeignPeers(cases.map(\.peer))
        let ports = try await peers.ports()
        var refused = 0
        for (number, one) in cases.enumerated() {
            let failure = await failure(of: one.bad, port: ports[number])
            let end = try await peers.end(number)
            let expected: StatusCode =
                one.bad.habit == .oldVersion ? .unavailable : .unauthenticated
            let isRefused =
                end.got == 0 && failure?.code == expected && failure?.outcome == .notProcessed
                && failure?.message.contains(one.bad.words) == true
            #expect(
                isRefused,
                "a service's certificate \(one.bad.name): \(end), \(failure?.message ?? "taken")")
            refused += isRefused ? 1 : 0
        }
        return refused
    }

    /// What a call comes to at a service that shows a bad certificate.
    private func failure(of bad: BadCertificate, port: Int) async -> RPCFailure? {
        do {
            let client = TLSClient(
                ServiceAddress(host: bad.host, port: port), peer: .registry,
                context: try judge(.caller, knowing: bad.revoked), agent: "test")
            defer { client.close() }
            _ = try await Caller(once: client).call(
                Echo(text: "hello"), options: CallOptions(timeout: .seconds(15)))
            return nil
        } catch let error as CallError<NoRefusal> {
            return error.failure
        } catch {
            return RPCFailure(.internal, "\(error)")
        }
    }

    @Test("are told from good ones, which are taken by both sides in the same way")
    func good() async throws {
        let plain = BadCertificate(name: "as it is issued here", words: "")
        let below = BadCertificate(name: "below an authority of the authority", words: "") {
            blueprint, forge, _ in
            let between = try CertificateForge.authority(
                "Between", pathLength: 0, under: forge.root)
            blueprint.issuer = between
            blueprint.chain = [between.certificate]
        }
        let byRSA = BadCertificate(name: "of an authority with an RSA key", words: "") {
            blueprint, forge, _ in
            blueprint.issuer = forge.rsa
        }
        for good in [plain, below, byRSA] {
            let log = LogKeeper()
            let exchange = try await service(log)
            let peers = try ForeignPeers([
                try peer(good, .caller, port: exchange.listener.port)
            ])
            let end = try await peers.end(0)
            #expect(end.got > 0, "a caller's certificate \(good.name): \(end), \(log.rows)")

            let services = try ForeignPeers([try peer(good, .service, port: 0)])
            let port = try #require(try await services.ports().first)
            let call = Task { await failure(of: good, port: port) }
            let told = try await services.end(0)
            #expect(told.got > 0, "a service's certificate \(good.name): \(told)")
            _ = await call.value
        }
    }
}
