import CBOR
import Logging
import NIOCore
import NIOEmbedded
import RPC
import TestKit
import Testing
import Vocabulary
import Wire

@testable import TLSTransport

@Suite("A service's end of a connection", .timeLimit(.minutes(1)))
struct ServiceHandlerTests {
    /// Does with each call what a test says.
    private struct Answering: CallHandler {
        var thread = HandlerThread.pool
        let body: @Sendable (InboundCall, any ReplySink) async -> Void

        init(
            on thread: HandlerThread = .pool,
            _ body: @escaping @Sendable (InboundCall, any ReplySink) async -> Void
        ) {
            self.thread = thread
            self.body = body
        }

        func terms(of method: String) -> CallTerms {
            CallTerms(timeout: .seconds(10), thread: thread)
        }

        func handle(_ call: InboundCall, replyingTo sink: some ReplySink) async {
            await body(call, sink)
        }
    }

    /// A channel with the service's end in it, and a caller's end that a test speaks with.
    private final class Peer {
        let channel = NIOAsyncTestingChannel()
        var caller = Connection(role: .caller)
        var heard: [Connection.Action] = []

        init(_ handler: any CallHandler, saysHello: Bool = true) async throws {
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            let (channel, loop) = (channel, channel.testingEventLoop)
            try await loop.executeInContext {
                let service = ServiceHandler(
                    handler, executor: .of(loop), agent: "test", logger: Logger(label: "test"))
                try channel.pipeline.syncOperations.addHandler(service)
                channel.pipeline.fireUserInboundEventTriggered(
                    TLSHandler.Established(peer: TestCertificates.person(.counselor)))
            }
            guard saysHello else { return }
            caller.start(agent: "caller")
            try await send()
            while !caller.isReady { try await hear() }
        }

        /// Sends what the caller's end has, `change`d where a test wants something wrong.
        func send(_ change: (inout ByteBuffer) -> Void = { _ in }) async throws {
            var bytes = ByteBuffer()
            caller.produce(into: &bytes, upTo: .max / 2, &heard)
            change(&bytes)
            if bytes.readableBytes > 0 { try await channel.writeInbound(bytes) }
        }

        /// Waits for the next bytes of the service, takes them, and answers.
        func hear() async throws {
            caller.received(
                try await channel.waitForOutboundWrite(as: ByteBuffer.self), &heard)
            try await send()
        }

        @discardableResult
        func call(
            message: [UInt8] = [0xa0], timeout: UInt64 = 5_000_000,
            metadata: [UInt8] = []
        ) async throws -> UInt32 {
            let header = OpenHeader(
                method: Echo.name.text, timeoutMicroseconds: timeout, attempt: 1, key: nil,
                metadata: ByteBuffer(bytes: metadata))
            let stream = try caller.call(header, message: ByteBuffer(bytes: message))
            try await send()
            return stream
        }

        /// The failure that a call has come to.
        func failure(of stream: UInt32) async throws -> RPCFailure {
            while true {
                for case .failure(stream, let body) in heard {
                    return try CBORDecoder().decode(RPCFailure.self, from: body)
                }
                try await hear()
            }
        }

        /// Why the service takes no more calls, as far as it has said so.
        var codes: [GoAway.Code] {
            heard.compactMap { if case .goAway(let goAway) = $0 { goAway.code } else { nil } }
        }

        func isActive() async throws -> Bool {
            let channel = channel
            return try await channel.testingEventLoop.executeInContext { channel.isActive }
        }
    }

    private static let never = Answering { _, _ in }

    @Test("ends when no HELLO comes within five seconds, and not when one has come")
    func hello() async throws {
        let silent = try await Peer(Self.never, saysHello: false)
        await silent.channel.testingEventLoop.advanceTime(by: .seconds(4))
        #expect(try await silent.isActive())
        await silent.channel.testingEventLoop.advanceTime(by: .seconds(2))
        #expect(try await !silent.isActive())
        let polite = try await Peer(Self.never)
        await polite.channel.testingEventLoop.advanceTime(by: .seconds(20))
        #expect(try await polite.isActive())
    }

    @Test("ends when nothing was heard for too long, and says so")
    func silence() async throws {
        let peer = try await Peer(Self.never)
        let channel = peer.channel
        try await channel.testingEventLoop.executeInContext {
            channel.pipeline.fireUserInboundEventTriggered(IdleStateHandler.IdleStateEvent.read)
        }
        try await peer.hear()
        #expect(peer.codes == [.silence])
        #expect(try await !peer.isActive())
    }

    @Test("lets a connection go that nobody uses, and tells it from one that is used")
    func unused() async throws {
        let peer = try await Peer(
            Answering { _, sink in
                sink.finish(ByteBuffer(bytes: [0xa0]), notes: ReplyNotes())
            })
        let loop = peer.channel.testingEventLoop
        await loop.advanceTime(by: .minutes(10))
        try await peer.call()
        while !peer.heard.contains(where: { if case .reply = $0 { true } else { false } }) {
            try await peer.hear()
        }
        await loop.advanceTime(by: .minutes(10))
        #expect(try await peer.isActive())
        #expect(peer.codes.isEmpty)
        await loop.advanceTime(by: .minutes(6))
        try await peer.hear()
        #expect(peer.codes == [.age])
        #expect(try await !peer.isActive())
    }

    @Test("takes no more calls on an old connection, and answers the one that is open")
    func old() async throws {
        let gate = Gate()
        let peer = try await Peer(
            Answering { _, sink in
                await gate.wait()
                sink.finish(ByteBuffer(bytes: [0xa0]), notes: ReplyNotes())
            })
        try await peer.call(timeout: 86_400_000_000)
        for _ in 0..<7 { await peer.channel.testingEventLoop.advanceTime(by: .minutes(10)) }
        while peer.codes.isEmpty { try await peer.hear() }
        #expect(peer.codes == [.age])
        #expect(try await peer.isActive())
        #expect(throws: Connection.SendRefusal.goingAway) {
            try peer.caller.call(
                OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1),
                message: ByteBuffer(bytes: [0xa0]))
        }
        await gate.open()
        while !peer.heard.contains(where: { if case .reply = $0 { true } else { false } }) {
            try await peer.hear()
        }
        #expect(try await !peer.isActive())
    }

    @Test("reads no more while the caller takes no answers, and again when it does")
    func backpressure() async throws {
        let peer = try await Peer(Self.never)
        let channel = peer.channel
        for isWritable in [false, true] {
            channel.isWritable = isWritable
            try await channel.testingEventLoop.executeInContext {
                channel.pipeline.fireChannelWritabilityChanged()
            }
            let reads = channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }
            #expect(reads?.value as? Bool == isWritable)
        }
    }

    @Test("while draining sends a reply to its end that waits for credit")
    func drain() async throws {
        let size = 1_000_000
        let peer = try await Peer(
            Answering { _, sink in
                sink.finish(ByteBuffer(repeating: 1, count: size), notes: ReplyNotes())
            })
        try await peer.call()
        let channel = peer.channel
        // The first bytes of the reply are on their way, the rest waits.
        try await peer.hear()
        try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.handler(type: ServiceHandler.self).drain()
        }
        var replies: [Int] = []
        while replies.isEmpty {
            for case .reply(_, let message?, _, true) in peer.heard {
                replies.append(message.readableBytes)
            }
            if replies.isEmpty { try await peer.hear() }
        }
        #expect(replies == [size])
        #expect(try await !peer.isActive())
    }

    @Test("runs no more handlers than twice its calls, however fast a caller gives them up")
    func churn() async throws {
        let release = WaitLog()
        let peer = try await Peer(
            Answering { _, sink in
                // It does not notice that it was cancelled.
                await release.untilBegun()
                sink.finish(ByteBuffer(bytes: [0xa0]), notes: ReplyNotes())
            })
        for _ in 0..<512 {
            let stream = try await peer.call()
            peer.caller.cancel(stream)
            try await peer.send()
        }
        let failure = try await peer.failure(of: try await peer.call())
        #expect(failure.code == .resourceExhausted)
        #expect(failure.outcome == .notProcessed)
        #expect(failure.retry == .later)
        await release.begin()
    }

    @Test(
        "refuses a call whose metadata it cannot honor",
        arguments: [
            [0xff], [0x01], [0xa1, 0x01, 0x05],
            // {1: {"nowhere": 1}}
            [0xa1, 0x01, 0xa1, 0x67, 0x6e, 0x6f, 0x77, 0x68, 0x65, 0x72, 0x65, 0x01],
        ] as [[UInt8]])
    func metadata(bytes: [UInt8]) async throws {
        let peer = try await Peer(Self.never)
        let failure = try await peer.failure(of: try await peer.call(metadata: bytes))
        #expect(failure.code == .invalidArgument)
        #expect(failure.outcome == .notProcessed)
        #expect(try await peer.isActive())
    }

    @Test("fails a request of several messages, and goes on with the connection")
    func streamingRequest() async throws {
        let peer = try await Peer(
            Answering { _, sink in
                sink.finish(ByteBuffer(bytes: [0x01]), notes: ReplyNotes())
            })
        // The frame of a call, without the flag that ends its stream.
        let header = OpenHeader(
            method: "a.b.c", timeoutMicroseconds: 1, attempt: 1, key: nil)
        let stream = try peer.caller.call(header, message: ByteBuffer(bytes: [0xa0]))
        try await peer.send { $0.setInteger(UInt8(1), at: $0.readerIndex + 5) }
        let failure = try await peer.failure(of: stream)
        #expect(failure.code == .unimplemented)
        #expect(failure.outcome == .notProcessed)
        try await peer.call()
        while !peer.heard.contains(where: { if case .reply = $0 { true } else { false } }) {
            try await peer.hear()
        }
    }

    @Test("at the deadline ends a handler that waits for a caller who grants nothing")
    func noCredit() async throws {
        let router = try Router(
            declared: [Count.self],
            handlers: [
                .stream(Count.self) { _, _, send in
                    let filler = String(repeating: "x", count: 100_000)
                    for number in 0... {
                        try await send(Count.Element(number: number, filler: filler))
                    }
                }
            ],
            logger: Logger(label: "test"), now: { Timestamp(microseconds: 0) })
        let peer = try await Peer(router)
        let header = OpenHeader(
            method: Count.name.text, timeoutMicroseconds: 100_000, attempt: 1, key: nil)
        let request = try CBOREncoder().encode(Count(upTo: 1))
        let stream = try peer.caller.call(header, message: request)
        try await peer.send()
        let channel = peer.channel
        // The loop's clock stands still until it is told; the deadline is by the system's.
        let clock = Task {
            while !Task.isCancelled {
                await channel.testingEventLoop.advanceTime(by: .milliseconds(10))
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        defer { clock.cancel() }
        let failure = try await peer.failure(of: stream)
        #expect(failure.code == .deadlineExceeded)
    }
}

@Suite("A caller's end of a connection", .timeLimit(.minutes(1)))
struct CallerHandlerTests {
    @Test("that has used all stream numbers sends new calls elsewhere and finishes the old ones")
    func numbersUsed() async throws {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        let retired = WaitLog()
        let calls = (0..<3).map { _ in PendingCall(deadline: .now.advanced(by: .seconds(30))) }
        var service = Connection(role: .service)
        service.start(agent: "service")
        var (hello, heard) = (ByteBuffer(), [Connection.Action]())
        service.produce(into: &hello, upTo: 1, &heard)
        let bytes = hello
        try await channel.testingEventLoop.executeInContext {
            var limits = WireLimits.standard
            limits.lastStream = 3
            let handler = CallerHandler(
                agent: "test", executor: .of(channel.eventLoop),
                ready: channel.eventLoop.makePromise(),
                retired: { Task { await retired.begin() } }, limits: limits)
            try channel.pipeline.syncOperations.addHandler(handler)
            channel.pipeline.fireChannelRead(bytes)
            channel.pipeline.fireChannelReadComplete()
            for pending in calls {
                handler.start(
                    OutboundCall(
                        method: Echo.name, message: ByteBuffer(bytes: [0xa0]),
                        deadline: .now.advanced(by: .seconds(30))), pending)
            }
        }
        let refused = await #expect(throws: RPCFailure.self) { try await calls[2].next() }
        #expect(refused?.code == .unavailable)
        #expect(refused?.outcome == .notProcessed)
        #expect(refused?.retry == .later)
        await retired.untilBegun()
        // The two that are open are answered, and then the connection closes.
        var start = Connection(role: .caller)
        var greeting = ByteBuffer()
        start.start(agent: "x")
        start.produce(into: &greeting, upTo: 1, &heard)
        service.received(greeting, &heard)
        while service.openStreams < 2 {
            service.received(
                try await channel.waitForOutboundWrite(as: ByteBuffer.self), &heard)
        }
        for stream: UInt32 in [1, 3] {
            try service.reply(
                stream, message: ByteBuffer(bytes: [0x01]), notes: nil, isLast: true)
        }
        var answers = ByteBuffer()
        service.produce(into: &answers, upTo: 1000, &heard)
        try await channel.writeInbound(answers)
        #expect(try await calls[0].next() == ByteBuffer(bytes: [0x01]))
        #expect(try await calls[1].next() == ByteBuffer(bytes: [0x01]))
        let isActive = try await channel.testingEventLoop.executeInContext { channel.isActive }
        #expect(!isActive)
    }
}
