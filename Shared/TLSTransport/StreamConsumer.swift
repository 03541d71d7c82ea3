internal import NIOCore
internal import RPC

/// Whoever takes the replies of a streaming call; when they are gone, so is the call.
///
/// The connection holds an open call as long as its stream is open, so the call itself never
/// learns that nobody reads any more: without this a stream that was left would keep its handler
/// until the deadline.
final class StreamConsumer: Sendable {
    private let call: PendingCall

    init(_ call: PendingCall) { self.call = call }

    @Sendable func next() async throws(RPCFailure) -> ByteBuffer? { try await call.next() }

    deinit {
        // Changes nothing where the call has ended.
        call.fail(RPCFailure(.cancelled, "the stream was left", outcome: .unknown))
    }
}
