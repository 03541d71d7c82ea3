import Shared
import Synchronization

/// Answers nothing, and remembers what was sent.
final class Sent: Transport {
    private let sent = Mutex<[OutboundCall]>([])

    var calls: [OutboundCall] { sent.withLock { $0 } }

    func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        sent.withLock { $0.append(call) }
        throw RPCFailure(.notFound, "nobody is here")
    }

    func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        sent.withLock { $0.append(call) }
        throw RPCFailure(.notFound, "nobody is here")
    }
}
