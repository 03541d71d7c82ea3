internal import NIOCore
internal import Wire

/// Either end of a connection, as its pump sees it.
protocol ConnectionEnd: AnyObject {
    /// Does one thing that the connection asks for.
    func perform(_ action: Connection.Action)
    /// Everything that the socket takes has been handed to it.
    func flushed()
}

/// Moves bytes and actions between a connection and its channel, the same way at both ends.
///
/// It lives on the channel's loop, from ``attach(_:to:)`` to ``detach()``. What a burst of reads
/// brings is answered with few flushes.
final class ConnectionPump {
    /// Bytes that are made into frames at a time, before the socket is asked whether it takes more.
    private static let burst = 128 * 1024
    /// Calls or replies after which those of one burst are sent.
    ///
    /// The other side works on them while this one works on the rest. Fewer would cost more in
    /// records and system calls than they win.
    private static let batch = 16

    var connection: Connection
    private(set) var context: ChannelHandlerContext?
    private weak var end: (any ConnectionEnd)?
    /// What there is to do, and what is being done of it.
    private var actions: [Connection.Action] = []
    private var current: [Connection.Action] = []
    private var isPerforming = false
    private var isReading = false
    private var isFlushDue = false
    /// Calls or replies handed over since the last flush.
    private var unflushed = 0
    private let executor: LoopExecutor
    private let scratch = LoopScratch.ofThisLoop

    init(_ role: Connection.Role, limits: WireLimits, executor: LoopExecutor) {
        connection = Connection(role: role, limits: limits)
        self.executor = executor
    }

    func attach(_ context: ChannelHandlerContext, to end: some ConnectionEnd) {
        self.context = context
        self.end = end
    }

    func detach() { context = nil }

    /// Takes what has come, and does what that asks for.
    ///
    /// `milliseconds`: when it came, by the loop's clock; only a service counts by it.
    func read(_ bytes: ByteBuffer, at milliseconds: Int64 = 0) {
        isReading = true
        connection.received(bytes, at: milliseconds, &actions)
        perform()
        // The other side may stand still until it has the credit, and more is read before the end.
        if connection.hasGrant { flush() }
    }

    /// All that had come is taken: tasks that became ready go on, and leave with the same flush.
    func readComplete() {
        isReading = false
        executor.drain()
        flush()
    }

    /// Sends what was handed over, together with what else this burst brings.
    func flushSoon() {
        // The end of a read flushes anyway.
        guard !isReading, !isFlushDue, let context else { return }
        isFlushDue = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.flush() }
    }

    /// The same for one more call or reply, which may fill the batch.
    func flushBatch() {
        unflushed += 1
        if unflushed >= Self.batch { flush() } else { flushSoon() }
    }

    /// Sends what the socket takes.
    func flush() {
        isFlushDue = false
        unflushed = 0
        guard let context else { return }
        if connection.hasOutput {
            while connection.hasOutput, context.channel.isWritable {
                scratch.frames.clear()
                connection.produce(into: &scratch.frames, upTo: Self.burst, &actions)
                // The other side works on each burst while the next is made.
                context.writeAndFlush(NIOAny(scratch.frames), promise: nil)
            }
            perform()
        }
        end?.flushed()
    }

    /// Carries out what there is to do, and what that brings; a call within a call adds to it.
    private func perform() {
        guard !isPerforming, let end else { return }
        isPerforming = true
        while !actions.isEmpty {
            swap(&actions, &current)
            for index in current.indices { end.perform(current[index]) }
            current.removeAll(keepingCapacity: true)
        }
        isPerforming = false
    }
}
