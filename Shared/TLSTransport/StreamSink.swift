internal import NIOCore
internal import RPC
internal import Synchronization

/// Leads from a handler's task back to its stream, from any thread.
final class StreamSink: ReplySink {
    private let handler: NIOLoopBound<ServiceHandler>
    private let stream: UInt32
    private let loop: any EventLoop
    private let waiter = Mutex<CheckedContinuation<Void, Never>?>(nil)

    init(_ handler: ServiceHandler, _ stream: UInt32, _ loop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: loop)
        self.stream = stream
        self.loop = loop
    }

    func send(_ message: ByteBuffer) async throws(RPCFailure) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiter.withLock { $0 = continuation }
                if Task.isCancelled { return hasRoom() }
                loop.execute { self.handler.value.reply(self.stream, message, last: nil) }
            }
        } onCancel: {
            // The deadline too ends a wait for a caller that grants nothing.
            hasRoom()
        }
        if Task.isCancelled {
            throw RPCFailure(.cancelled, "the call was cancelled", outcome: .unknown)
        }
    }

    /// Everything handed over is on its way, or nobody wants it any more.
    func hasRoom() {
        waiter.withLock { $0.take() }?.resume()
    }

    func finish(_ message: ByteBuffer?, notes: ReplyNotes) {
        loop.execute { self.handler.value.reply(self.stream, message, last: notes) }
    }

    func fail(_ failure: RPCFailure) {
        loop.execute { self.handler.value.finish(self.stream, failure: failure) }
    }
}
