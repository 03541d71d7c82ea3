/// An implementation of the echo, as the load sees it.
protocol EchoPeer: Sendable {
    associatedtype Connection: EchoConnection

    /// Suite and group of the connections, such as `TLS_AES_128_GCM_SHA256 X25519`, or `not told`.
    var negotiated: String { get }

    /// A connection of its own, which may be dialed as late as its first call.
    func connect() async throws -> Connection
}

/// One connection; its calls are made from many tasks at once.
protocol EchoConnection: Sendable {
    /// In what it takes and gives bytes, so that nothing is copied for the measurement alone.
    associatedtype Bytes: RangeReplaceableCollection<UInt8>, MutableCollection, Sendable
    where Bytes.Index == Int

    /// Where the tasks that make calls had best run; nil for the global pool.
    var executor: (any TaskExecutor)? { get }

    /// Echoes the message of this number, and tells whether the same one came back.
    func echo(_ number: Int64) async throws -> Bool
    /// Receives so many messages in one call, and tells whether they were the right ones.
    func stream(_ count: Int) async throws -> Bool
    /// Echoes bytes.
    func blob(_ bytes: Bytes) async throws -> Bytes
    func close() async
}

extension EchoConnection {
    var executor: (any TaskExecutor)? { nil }
}
