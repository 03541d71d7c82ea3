import NIOCore
import Testing

@testable import Wire

/// Both ends of a connection, the bytes between them, and what each call must come to.
struct ScheduleModel: ~Copyable {
    /// What a call has sent and received so far.
    struct Call {
        var request: ByteBuffer
        var arrived = false
        var sent: [ByteBuffer] = []
        var received: [ByteBuffer] = []
        var untaken: [Int] = []
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
        caller.start(agent: "caller")
        service.start(agent: "service")
    }

    mutating func atCaller(_ actions: [Connection.Action]) {
        for action in actions {
            switch action {
            case .reply(let stream, let message, _, let isLast):
                #expect(calls[stream]?.hasEnded == false)
                if let message {
                    calls[stream]?.received.append(message)
                    if !isLast { calls[stream]?.untaken.append(message.readableBytes) }
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
            case .call(let stream, _, let message):
                guard !cancelled.contains(stream) else { continue }
                #expect(calls[stream]?.request == message)
                #expect(calls[stream]?.arrived == false)
                calls[stream]?.arrived = true
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
        let bound = [8, 300, 300, 20_000, limit][Int.random(in: 0..<5, using: &random)]
        return ByteBuffer(
            repeating: .random(in: 0...255, using: &random),
            count: .random(in: 1...bound, using: &random))
    }

    /// One side sends some of what it has, or takes some of what has come.
    mutating func move() {
        let most = [1, 30, 5000, 70_000][Int.random(in: 0..<4, using: &random)]
        var actions: [Connection.Action] = []
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            caller.produce(into: &toService, upTo: most, &actions)
            atCaller(actions)
        case 1:
            service.produce(into: &toCaller, upTo: most, &actions)
            atService(actions)
        case 2:
            service.received(Self.take(&toService, most, &random), &actions)
            atService(actions)
        default:
            caller.received(Self.take(&toCaller, most, &random), &actions)
            atCaller(actions)
        }
    }

    static func take(
        _ pipe: inout ByteBuffer, _ most: Int, _ random: inout SeededRandom
    ) -> ByteBuffer {
        let count = min(pipe.readableBytes, .random(in: 1...most, using: &random))
        let bytes = pipe.readSlice(length: count) ?? ByteBuffer()
        if pipe.readableBytes == 0 { pipe.clear() }
        return bytes
    }

    mutating func step() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1: call()
        case 2...5:
            guard let stream = any({ $0.arrived && !$0.isFinished }) else { return }
            let reply = message(60_000)
            let isLast = Int.random(in: 0..<6, using: &random) == 0
            calls[stream]?.sent.append(reply)
            calls[stream]?.isFinished = isLast
            try service.reply(stream, message: reply, notes: nil, isLast: isLast)
        case 6:
            guard Int.random(in: 0..<4, using: &random) == 0,
                let stream = any({ $0.arrived && !$0.isFinished })
            else { return }
            calls[stream]?.isFinished = true
            service.fail(stream, ByteBuffer(bytes: [0xa0]))
        case 7:
            guard Int.random(in: 0..<8, using: &random) == 0, let stream = any({ _ in true })
            else { return }
            // The caller forgets the call; the service hears of it later, or never of the call.
            calls.removeValue(forKey: stream)
            cancelled.insert(stream)
            caller.cancel(stream)
        case 8...10:
            guard let stream = any({ !$0.untaken.isEmpty }) else { return }
            take(stream, atMost: .random(in: 1...3, using: &random))
        case 11: if Int.random(in: 0..<20, using: &random) == 0 { caller.ping() }
        default: move()
        }
    }

    private mutating func call() {
        let request = message(60_000)
        let header = OpenHeader(
            method: "a.b.c", timeoutMicroseconds: 1, attempt: 1,
            trace: Bool.random(using: &random)
                ? TraceContext(traceHigh: 1, traceLow: 2, span: 3, flags: 1) : nil)
        guard let stream = try? caller.call(header, message: request) else { return }
        calls[stream] = Call(request: request)
    }

    /// The application takes its oldest messages.
    mutating func take(_ stream: UInt32, atMost count: Int) {
        guard let untaken = calls[stream]?.untaken.prefix(count), !untaken.isEmpty else { return }
        calls[stream]?.untaken.removeFirst(untaken.count)
        caller.consumed(stream, messages: untaken.count, bytes: untaken.reduce(0, +))
    }

    private mutating func any(_ isMeant: (Call) -> Bool) -> UInt32? {
        calls.keys.sorted().filter { calls[$0].map(isMeant) ?? false }
            .randomElement(using: &random)
    }

    /// What a breach comes to.
    struct End: Equatable {
        /// Whether the service has noticed it.
        var service = false
        /// What the caller was told.
        var code: GoAway.Code?
        /// Whether the service takes and sends nothing more.
        var isSilent = false
    }

    /// The caller's bytes turn into nonsense.
    mutating func breakOff() throws -> End {
        var end = End()
        var (atService, atCaller) = ([Connection.Action](), [Connection.Action]())
        caller.produce(into: &toService, upTo: .max / 2, &atCaller)
        toService.writeBytes([UInt8](repeating: 0, count: 8) + [0, 0, 0, 0])
        service.received(toService, &atService)
        for case .close in atService { end.service = true }
        service.produce(into: &toCaller, upTo: .max / 2, &atService)
        caller.received(toCaller, &atCaller)
        for case .goAway(let goAway) in atCaller { end.code = goAway.code }
        var more: [Connection.Action] = []
        // It would be answered if the service still listened.
        var ping = ByteBuffer()
        Frame(.ping, payload: ByteBuffer(repeating: 7, count: 8)).write(to: &ping)
        service.received(ping, &more)
        end.isSilent = more.isEmpty && !service.hasOutput
        return end
    }

    /// What is left when all should be over.
    struct Rest: Equatable {
        var closed: WireError?
        var calls = 0
        var atCaller = 0
        var atService = 0
        var hasOutput = false
    }

    var rest: Rest {
        Rest(
            closed: closed, calls: calls.count, atCaller: caller.openStreams,
            atService: service.openStreams, hasOutput: service.hasOutput)
    }

    /// Lets each side send what it can, until neither can any more.
    mutating func exchange() {
        var actions: [Connection.Action] = []
        while caller.hasOutput || service.hasOutput {
            caller.produce(into: &toService, upTo: .max / 2, &actions)
            service.received(toService, &actions)
            toService.clear()
            service.produce(into: &toCaller, upTo: .max / 2, &actions)
            caller.received(toCaller, &actions)
            toCaller.clear()
        }
    }

    /// Lets everything that was begun come to its end.
    mutating func settle() throws {
        var (atCaller, atService) = ([Connection.Action](), [Connection.Action]())
        var rounds = 0
        while !calls.isEmpty || service.openStreams > 0 || caller.hasOutput || service.hasOutput,
            rounds < 10_000
        {
            rounds += 1
            caller.produce(into: &toService, upTo: .max / 2, &atCaller)
            service.received(toService, &atService)
            toService.clear()
            self.atService(atService)
            service.produce(into: &toCaller, upTo: .max / 2, &atService)
            caller.received(toCaller, &atCaller)
            toCaller.clear()
            self.atCaller(atCaller)
            (atCaller, atService) = ([], [])
            for (stream, call) in calls {
                take(stream, atMost: 1)
                if call.arrived, !call.isFinished {
                    calls[stream]?.isFinished = true
                    try service.reply(stream, message: nil, notes: nil, isLast: true)
                }
            }
        }
    }
}
