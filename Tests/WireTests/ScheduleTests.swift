import Foundation
import NIOCore
import Testing

@testable import Wire

/// The test command plays about half a million steps.
///
/// `PULIH_SCHEDULES=20 swift test --filter ScheduleTests` plays twenty times as many.
@Suite("Two connections under any schedule", .timeLimit(.minutes(60)))
struct ScheduleTests {
    private static let rounds =
        ProcessInfo.processInfo.environment["PULIH_SCHEDULES"].flatMap { UInt64($0) } ?? 1

    @Test(
        "lose no credit and no message, and hold no more than the limits",
        arguments: 1..<6 * rounds + 1)
    func schedule(seed: UInt64) async throws {
        var limits = WireLimits()
        limits.streams = 6
        limits.window = seed % 2 == 0 ? 16_384 : 40_000
        limits.messageBytes = 65_536
        limits.waste = .max
        var model = ScheduleModel(seed: seed, limits: limits)
        for step in 0..<50_000 {
            try model.step()
            guard step % 64 == 0 else { continue }
            // Tests that wait for a process or a socket run on the same few threads.
            await Task.yield()
            // A message of each stream being received, and a window of others.
            let bound = limits.streams * (2 * limits.messageBytes + limits.window)
            let (held, closed) = (model.caller.heldBytes, model.closed)
            #expect(held <= bound)
            try #require(closed == nil)
        }
        try model.settle()
        let rest = model.rest
        #expect(rest == ScheduleModel.Rest())
        let ended = model.ended
        #expect(ended > 500)
    }

    @Test("come to an end from wherever they are cut short")
    func short() async throws {
        var limits = WireLimits()
        limits.streams = 3
        limits.window = 16_384
        limits.messageBytes = 65_536
        // Many short lives instead of a long one: beginnings and ends are where states are rare.
        for seed in 1..<3000 * Self.rounds {
            if seed % 32 == 0 { await Task.yield() }
            var model = ScheduleModel(seed: seed, limits: limits)
            for _ in 0..<Int(seed % 97) { try model.step() }
            try model.settle()
            let rest = model.rest
            try #require(rest == ScheduleModel.Rest(), "seed \(seed)")
        }
    }

    @Test("end for both when one breaks a rule, and mean nothing more afterwards")
    func broken() throws {
        for seed in 1..<500 * Self.rounds {
            var model = ScheduleModel(seed: seed, limits: .standard)
            for _ in 0..<Int(50 + seed % 97) { try model.step() }
            let end = try model.breakOff()
            #expect(end == ScheduleModel.End(service: true, code: .malformed, isSilent: true))
        }
    }

    @Test("give a stream its whole window back once all was taken")
    func credit() throws {
        var model = ScheduleModel(seed: 9, limits: .standard)
        model.exchange()
        let header = OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1)
        let stream = try model.caller.call(header, message: ByteBuffer(bytes: [0xa0]))
        model.exchange()
        for size in [1, 700_000, 262_144, 262_145, 3, 90_000] {
            try model.service.reply(
                stream, message: ByteBuffer(repeating: 7, count: size), notes: nil, isLast: false)
            model.exchange()
            model.caller.consumed(stream, messages: 1, bytes: size)
            model.exchange()
            let states = (model.service.state(of: stream), model.caller.state(of: stream))
            let sender = try #require(states.0)
            let receiver = try #require(states.1)
            #expect(sender.sendCredit == receiver.receiveCredit)
            #expect(receiver.receiveCredit + receiver.ungranted == WireLimits.standard.window)
        }
    }
}

@Suite("What is sent first")
struct FairnessTests {
    /// A caller with a service that has said HELLO, whose frames a test reads itself.
    private func ready() throws -> Connection {
        var caller = Connection(role: .caller)
        var service = Connection(role: .service)
        service.start(agent: "service")
        var (bytes, actions) = (ByteBuffer(), [Connection.Action]())
        service.produce(into: &bytes, upTo: 1, &actions)
        caller.start(agent: "caller")
        caller.received(bytes, &actions)
        var hello = ByteBuffer()
        caller.produce(into: &hello, upTo: 1, &actions)
        return caller
    }

    private func frames(_ connection: inout Connection, upTo limit: Int) throws -> [Frame] {
        var (bytes, actions) = (ByteBuffer(), [Connection.Action]())
        connection.produce(into: &bytes, upTo: limit, &actions)
        var parser = FrameParser()
        parser.append(bytes)
        var frames: [Frame] = []
        while let frame = try parser.next() { frames.append(frame) }
        return frames
    }

    private let header = OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1)

    @Test("a small message waits for one fragment of each large one, and control for none")
    func turns() throws {
        var caller = try ready()
        for _ in 0..<3 {
            _ = try caller.call(header, message: ByteBuffer(repeating: 1, count: 200_000))
        }
        _ = try frames(&caller, upTo: 100_000)
        let small = try caller.call(header, message: ByteBuffer(bytes: [0xa0]))
        caller.ping()
        let next = try frames(&caller, upTo: 200_000)
        #expect(next.first?.type == .ping)
        let place = try #require(next.firstIndex { $0.stream == small })
        #expect(place <= 4)
    }

    @Test("nothing beyond what is asked for is made, so that memory does not grow")
    func bounded() throws {
        var caller = try ready()
        _ = try caller.call(header, message: ByteBuffer(repeating: 1, count: 200_000))
        let bytes = try frames(&caller, upTo: 20_000).reduce(0) { $0 + $1.payload.readableBytes }
        #expect((20_000...40_000).contains(bytes))
        let hasMore = caller.hasOutput
        #expect(hasMore)
    }

    @Test("a call that is given up before it was sent leaves no trace on the wire")
    func neverSent() throws {
        var caller = try ready()
        let first = try caller.call(header, message: ByteBuffer(bytes: [0xa0]))
        let second = try caller.call(header, message: ByteBuffer(bytes: [0xa0]))
        caller.cancel(first)
        #expect(try frames(&caller, upTo: 1000).map(\.stream) == [second])
        caller.cancel(second)
        #expect(try frames(&caller, upTo: 1000).map(\.type) == [.cancel])
    }
}

@Suite("Work that is begun for nothing")
struct WasteTests {
    @Test("ends the connection when there is too much at once, and not when it is spread")
    func churn() throws {
        for (milliseconds, isRefused) in [(Int64(0), true), (10, false)] {
            var limits = WireLimits()
            limits.waste = 100
            limits.wastePerSecond = 200
            var caller = Connection(role: .caller)
            var service = Connection(role: .service, limits: limits)
            var actions: [Connection.Action] = []
            caller.start(agent: "caller")
            service.start(agent: "service")
            var bytes = ByteBuffer()
            service.produce(into: &bytes, upTo: 1, &actions)
            caller.received(bytes, &actions)
            let header = OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1)
            for round in 0..<Int64(300) {
                let stream = try caller.call(header, message: ByteBuffer(bytes: [0xa0]))
                for isCancelling in [false, true] {
                    if isCancelling { caller.cancel(stream) }
                    bytes.clear()
                    caller.produce(into: &bytes, upTo: 1000, &actions)
                    service.received(bytes, at: round * milliseconds, &actions)
                }
            }
            let wasRefused = actions.contains {
                if case .close(.abuse(limit: 100)) = $0 { true } else { false }
            }
            #expect(wasRefused == isRefused)
        }
    }
}

@Suite("The table of streams")
struct StreamTableTests {
    @Test("finds what a dictionary finds, whatever came and went")
    func model() {
        var random = SeededRandom(seed: 7)
        var table = StreamTable<Int>(blank: 0)
        var expected: [UInt32: Int] = [:]
        var next: UInt32 = 1
        for step in 0..<100_000 {
            if Int.random(in: 0..<100, using: &random) < (step / 1000 % 2 == 0 ? 60 : 40) {
                table.insert(step, for: next)
                expected[next] = step
                next += 2
            } else if let stream = expected.keys.randomElement(using: &random) {
                #expect(table.take(stream) == expected.removeValue(forKey: stream))
                #expect(table.place(of: stream) == nil)
            }
            if let stream = expected.keys.randomElement(using: &random) {
                #expect(table.place(of: stream).map { table[$0] } == expected[stream])
            }
            #expect(table.count == expected.count)
        }
        #expect(Set(table.streams) == Set(expected.keys))
        #expect(Set(table.removeAll()) == Set(expected.values))
        #expect(table.count == 0)
    }
}
