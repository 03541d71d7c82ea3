import NIOCore
import NIOPosix

/// Something that listens, takes connections and never says a word.
struct SilentPeer {
    private let channel: any Channel
    let port: Int

    /// `port`: where to listen; 0 lets the system choose.
    init(host: String = "127.0.0.1", port: Int = 0) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: port).get()
        self.port = channel.localAddress?.port ?? 0
    }

    func close() async throws { try await channel.close().get() }

    /// A port at which nothing listens.
    static func deadPort() async throws -> Int {
        let peer = try await SilentPeer()
        try await peer.close()
        return peer.port
    }

    /// Connects to a service and says nothing.
    static func call(port: Int) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
    }
}
