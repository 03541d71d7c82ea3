internal import Logging
internal import NIOCore

/// Takes no connections for a second where the system has none to give: no more files, no memory.
///
/// A loop would try again at once and for ever. NIO's own handler for this does not help: after an
/// accept that failed the channel goes on reading without asking.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let length = TimeAmount.seconds(1)

    private let logger: Logger
    private var end: Scheduled<Void>?

    init(_ logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if end == nil, let error = error as? IOError {
            logger.warning(
                "no connections are taken for a second", metadata: ["reason": "\(error)"])
            try? context.channel.syncOptions?.setOption(.autoRead, value: false)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            end = context.eventLoop.scheduleTask(in: Self.length) {
                let (handler, context) = bound.value
                handler.end = nil
                try? context.channel.syncOptions?.setOption(.autoRead, value: true)
            }
        }
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }
}
