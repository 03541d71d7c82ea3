package import Logging
internal import NIOCore
internal import NIOPosix
package import RPC
internal import Synchronization
internal import Vocabulary

/// Takes connections for one service, and hands their calls to its handler.
package final class TLSListener: Sendable {
    private let channel: any Channel
    private let connections: Connections
    /// The port it listens on; the one the system chose where 0 was asked for.
    package let port: Int

    /// Binds and begins to take calls.
    ///
    /// - Throws: ``RPCFailure`` naming the address where it cannot be bound.
    package static func start(
        _ address: ServiceAddress, context: TLSContext, handler: any CallHandler, agent: String,
        logger: Logger
    ) async throws(RPCFailure) -> TLSListener {
        _ = ProcessMemory.isKept
        let connections = Connections()
        let handshakes = HandshakeGate(limit: 256)
        let rule = PeerRule.trustDomain(context.domain)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .tcpOption(TCPOption.userTimeout), value: TCPOption.userTimeoutMilliseconds
            )
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: 128 * 1024, high: 512 * 1024)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let leave = handshakes.enter() else { throw TLSFailure.tooManyHandshakes }
                    let session = try TLSSession(context, rule: rule, host: nil)
                    let patience = ConnectionPatience()
                    let service = ServiceHandler(
                        handler, executor: .of(channel.eventLoop), agent: agent,
                        patience: patience, logger: logger)
                    // A caller says something every few seconds; one that has gone says nothing.
                    try channel.pipeline.syncOperations.addHandlers(
                        IdleStateHandler(readTimeout: patience.silence),
                        TLSHandler(session, handshakeEnded: leave), service)
                    connections.add(channel, service)
                }
            }
        do {
            let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
            return TLSListener(channel, connections, port: channel.localAddress?.port ?? 0)
        } catch {
            throw RPCFailure(
                .unavailable, "cannot listen at \(address): \(error)", outcome: .notProcessed,
                retry: .never)
        }
    }

    private init(_ channel: any Channel, _ connections: Connections, port: Int) {
        self.channel = channel
        self.connections = connections
        self.port = port
    }

    /// Takes no new connections and calls, lets the open calls finish, and then closes all.
    ///
    /// - Parameter grace: how long open calls may take.
    package func drain(within grace: Duration) async {
        try? await channel.close().get()
        connections.drain()
        let deadline = ContinuousClock.now.advanced(by: grace)
        while !connections.isEmpty, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(10))
        }
        connections.closeAll()
    }
}

/// Bounds how many connections are in their handshake: each costs milliseconds of work, and a
/// stranger can ask for it.
private final class HandshakeGate: Sendable {
    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// Takes a place, and returns how to give it back; nil where there is none.
    func enter() -> (@Sendable () -> Void)? {
        let isFree = count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard isFree else { return nil }
        return { self.count.withLock { $0 -= 1 } }
    }
}

/// The connections that are open.
private final class Connections: Sendable {
    private struct Entry: Sendable {
        let channel: any Channel
        let handler: NIOLoopBound<ServiceHandler>
    }

    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }

    func add(_ channel: any Channel, _ handler: ServiceHandler) {
        let id = ObjectIdentifier(channel)
        let entry = Entry(
            channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        entries.withLock { $0[id] = entry }
        channel.closeFuture.whenComplete { _ in
            self.entries.withLock { _ = $0.removeValue(forKey: id) }
        }
    }

    func drain() {
        for entry in entries.withLock({ Array($0.values) }) {
            entry.channel.eventLoop.execute { entry.handler.value.drain() }
        }
    }

    func closeAll() {
        for entry in entries.withLock({ Array($0.values) }) { entry.channel.close(promise: nil) }
    }
}
