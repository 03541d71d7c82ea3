import Foundation
import Logging
import NIOCore
import RPC
import Shared
import TestKit

/// The services of the recorded town behind listeners of their own: they take connections over TLS.
struct ServedTown {
    private let certificates: TestCertificates
    private let listeners: [ServiceName: TLSListener]

    init(_ town: RecordedTown) async throws {
        certificates = try TestCertificates()
        var listeners: [ServiceName: TLSListener] = [:]
        for name in ServiceName.allCases {
            let context = try TLSContext(
                role: .service, files: Self.files(TestCertificates.service(name), certificates))
            listeners[name] = try await TLSListener.start(
                ServiceAddress(host: "127.0.0.1", port: 0), context: context,
                handler: try town.handler(of: name), agent: "test",
                logger: Logger(label: "town") { _ in SwiftLogNoOpLogHandler() })
        }
        self.listeners = listeners
    }

    func close() async {
        for listener in listeners.values { await listener.drain(within: .zero) }
    }

    private static func files(
        _ identity: Identity, _ certificates: TestCertificates
    ) throws -> TLSFiles {
        let (certificate, key) = try certificates.issue(TestCertificates.request(identity))
        return TLSFiles(
            certificate: certificate, key: key, authorities: certificates.authorityFile)
    }

    /// Somebody with a certificate of theirs, and a connection to each service.
    func visitor(_ identity: Identity) throws -> Visitor {
        let context = try TLSContext(
            role: .caller, files: Self.files(identity, certificates))
        var clients: [ServiceName: TLSClient] = [:]
        for (name, listener) in listeners {
            clients[name] = TLSClient(
                ServiceAddress(host: "127.0.0.1", port: listener.port), peer: name,
                context: context, agent: "test")
        }
        return Visitor(identity: identity, clients: clients)
    }
}

/// Sends messages as they are, whatever they are, and says how each was answered.
struct Visitor: Sendable {
    let identity: Identity
    fileprivate let clients: [ServiceName: TLSClient]

    /// The reply, or the first of a stream's.
    func send(
        _ message: ByteBuffer, to method: any RPCDeclaration.Type, at service: ServiceName
    ) async -> Result<ByteBuffer, RPCFailure> {
        guard let client = clients[service] else {
            return .failure(RPCFailure(.internal, "no service \(service)"))
        }
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        let call = OutboundCall(
            method: method.name, message: message,
            deadline: ContinuousClock.now.advanced(by: .seconds(60)),
            key: method.repeatability == .keyed ? .random(at: now) : nil,
            purpose: identity.usualPurpose)
        do throws(RPCFailure) {
            guard method is any RPCStream.Type else {
                return .success(try await client.unary(call).message)
            }
            var replies = try await client.stream(call).makeAsyncIterator()
            return .success(try await replies.next() ?? ByteBuffer())
        } catch {
            return .failure(error)
        }
    }

    func leave() {
        for client in clients.values { client.close() }
    }
}
