import NIOCore
import Testing

@testable import Wire

@Suite("Two connections under any schedule", .timeLimit(.minutes(1)))
struct ScheduleTests {
    /// Both ends, the bytes between them, and what each call must come to.
    private struct Model {
        /// What a call has sent and received so far, told by the last byte of each message.
        struct Call {
            var request: ByteBuffer
            var arrived = false
            var sent: [ByteBuffer] = []
            var received: [ByteBuffer] = []
            var untaken = 0
            var hasRoom = true
            var isFinished = false
            var hasEnded = false
        }

        var random: SeededRandom
        var caller: Connection
        var service: Connection
        var toCaller = ByteBuffer()
        var toService = ByteBuffer()
        var calls: [UInt32: Call] = [:]
        /// Calls that the caller gave up; the service may hear of them later, or only of their end.
        var cancelled: Set<UInt32> = []
        var ended = 0
        var closed: WireError?

        init(seed: UInt64, limits: WireLimits) {
            random = SeededRandom(seed: seed)
            caller = Connection(role: .caller, limits: limits)
            service = Connection(role: .service, limits: limits)
            atCaller(caller.start(agent: "caller"))
            atService(service.start(agent: "service"))
        }

        mutating func atCaller(_ actions: [Connection.Action]) {
            for action in actions {
                switch action {
                case .write(var bytes): toService.writeBuffer(&bytes)
                case .reply(let stream, let message, _, let isLast):
                    #expect(calls[stream]?.hasEnded == false)
                    if let message {
                        calls[stream]?.received.append(message)
                        calls[stream]?.untaken += 1
                    }
                    if isLast { end(stream, well: true) }
                case .failure(let stream, _):
                    #expect(calls[stream]?.hasEnded == false)
                    end(stream, well: false)
                case .close(let error): closed = error
                default: break
                }
            }
        }

        mutating func atService(_ actions: [Connection.Action]) {
            for action in actions {
                switch action {
                case .write(var bytes): toCaller.writeBuffer(&bytes)
                case .call(let stream, _, let message) where !cancelled.contains(stream):
                    #expect(calls[stream]?.request == message)
                    #expect(calls[stream]?.arrived == false)
                    calls[stream]?.arrived = true
                case .room(let stream): calls[stream]?.hasRoom = true
                case .close(let error): closed = error
                default: break
                }
            }
        }

        mutating func end(_ stream: UInt32, well: Bool) {
            calls[stream]?.hasEnded = true
            ended += 1
            guard let call = calls.removeValue(forKey: stream) else { return }
            // A failure overtakes what was handed over and not sent; an end overtakes nothing.
            let sent = well ? call.sent : Array(call.sent.prefix(call.received.count))
            #expect(call.received == sent)
        }

        /// A message of any size up to several windows, most of them small.
        mutating func message(_ limit: Int) -> ByteBuffer {
            let bound = [8, 300, 20_000, limit][Int.random(in: 0..<4, using: &random)]
            return ByteBuffer(
                repeating: .random(in: 0...255, using: &random),
                count: .random(in: 1...bound, using: &random))
        }

        mutating func deliver() {
            if Bool.random(using: &random) {
                let bytes = Self.take(&toService, &random)
                atService(service.received(bytes))
            } else {
                let bytes = Self.take(&toCaller, &random)
                atCaller(caller.received(bytes))
            }
        }

        static func take(_ pipe: inout ByteBuffer, _ random: inout SeededRandom) -> ByteBuffer {
            let most = [1, 30, 5000, 70_000][Int.random(in: 0..<4, using: &random)]
            let count = min(pipe.readableBytes, .random(in: 1...most, using: &random))
            let bytes = pipe.readSlice(length: count) ?? ByteBuffer()
            if pipe.readableBytes == 0 { pipe.clear() }
            return bytes
        }

        mutating func step() throws {
            let stream = calls.keys.sorted().randomElement(using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0, 1:
                let request = message(60_000)
                let header = OpenHeader(
                    method: "a.b.c", timeoutMicroseconds: 1, attempt: 1, key: nil)
                guard let (new, actions) = try? caller.call(header, message: request) else {
                    return
                }
                calls[new] = Call(request: request)
                atCaller(actions)
            case 2...5:
                guard let stream, let call = calls[stream], call.arrived, call.hasRoom,
                    !call.isFinished
                else { return }
                let reply = message(60_000)
                let isLast = Int.random(in: 0..<6, using: &random) == 0
                calls[stream]?.sent.append(reply)
                calls[stream]?.hasRoom = false
                calls[stream]?.isFinished = isLast
                atService(
                    try service.reply(stream, message: reply, notes: nil, isLast: isLast))
            case 6:
                guard let stream, let call = calls[stream], call.arrived, !call.isFinished,
                    Int.random(in: 0..<4, using: &random) == 0
                else { return }
                calls[stream]?.isFinished = true
                atService(service.fail(stream, ByteBuffer(bytes: [0xa0])))
            case 7:
                guard let stream, Int.random(in: 0..<8, using: &random) == 0 else { return }
                // The caller forgets the call; the service hears of it later.
                calls.removeValue(forKey: stream)
                cancelled.insert(stream)
                atCaller(caller.cancel(stream))
            case 8...11:
                guard let stream, let call = calls[stream], call.untaken > 0 else { return }
                calls[stream]?.untaken -= 1
                atCaller(caller.consumed(stream))
            case 12: atCaller(caller.ping())
            default: deliver()
            }
        }

        /// Lets everything that was begun come to its end.
        mutating func settle() throws {
            for _ in 0..<200_000 where !calls.isEmpty || service.openStreams > 0 {
                atService(service.received(toService))
                toService.clear()
                atCaller(caller.received(toCaller))
                toCaller.clear()
                for (stream, call) in calls {
                    if call.untaken > 0 {
                        calls[stream]?.untaken -= 1
                        atCaller(caller.consumed(stream))
                    }
                    if call.arrived, !call.isFinished {
                        calls[stream]?.isFinished = true
                        atService(
                            try service.reply(stream, message: nil, notes: nil, isLast: true))
                    }
                }
            }
        }
    }

    @Test(
        "lose no credit and no message, and hold no more than the limits",
        arguments: [1, 2, 3, 4] as [UInt64])
    func schedule(seed: UInt64) async throws {
        var limits = WireLimits()
        limits.streams = 6
        limits.window = seed % 2 == 0 ? 16_384 : 40_000
        limits.messageBytes = 65_536
        var model = Model(seed: seed, limits: limits)
        for step in 0..<50_000 {
            try model.step()
            guard step % 64 == 0 else { continue }
            // Tests that wait for a process or a socket run on the same few threads.
            await Task.yield()
            // A message of each stream being sent, one being received, and a window of others.
            let bound = limits.streams * (2 * limits.messageBytes + limits.window)
            #expect(model.caller.heldBytes <= bound)
            #expect(model.service.heldBytes <= bound)
            try #require(model.closed == nil)
        }
        try model.settle()
        #expect(model.closed == nil)
        #expect(model.calls.isEmpty)
        #expect(model.caller.openStreams == 0)
        #expect(model.service.openStreams == 0)
        #expect(model.ended > 500)
    }

    @Test("give a stream its whole window back once all was taken")
    func credit() throws {
        var model = Model(seed: 9, limits: .standard)
        model.atService(model.service.received(model.toService))
        model.atCaller(model.caller.received(model.toCaller))
        model.toService.clear()
        model.toCaller.clear()
        let header = OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1, key: nil)
        let (stream, actions) = try model.caller.call(header, message: ByteBuffer(bytes: [0xa0]))
        model.calls[stream] = Model.Call(request: ByteBuffer(bytes: [0xa0]))
        model.atCaller(actions)
        model.atService(model.service.received(model.toService))
        model.toService.clear()
        for size in [1, 700_000, 262_144, 262_145, 3, 90_000] {
            let message = ByteBuffer(repeating: 7, count: size)
            model.atService(
                try model.service.reply(stream, message: message, notes: nil, isLast: false))
            while model.calls[stream]?.untaken == 0 || model.toCaller.readableBytes > 0 {
                model.atCaller(model.caller.received(model.toCaller))
                model.toCaller.clear()
                model.atService(model.service.received(model.toService))
                model.toService.clear()
            }
            model.calls[stream]?.untaken -= 1
            model.atCaller(model.caller.consumed(stream))
            model.atService(model.service.received(model.toService))
            model.toService.clear()
            let sender = try #require(model.service.streams[stream])
            let receiver = try #require(model.caller.streams[stream])
            #expect(sender.sendCredit == receiver.receiveCredit)
            #expect(receiver.receiveCredit + receiver.ungranted == WireLimits.standard.window)
        }
    }
}
