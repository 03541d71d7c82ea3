import NIOCore
import Testing
import Wire

@Suite("A connection")
struct ConnectionTests {
    /// Both ends in memory: what one writes, the other receives.
    private struct Pair: ~Copyable {
        var caller = Connection(role: .caller)
        var service = Connection(role: .service)
        var atCaller: [Connection.Action] = []
        var atService: [Connection.Action] = []

        /// Sends what each side has, a little at a time, and lets the other take it.
        mutating func exchange() {
            while caller.hasOutput || service.hasOutput {
                var bytes = ByteBuffer()
                caller.produce(into: &bytes, upTo: 20_000, &atCaller)
                service.received(bytes, &atService)
                bytes.clear()
                service.produce(into: &bytes, upTo: 20_000, &atService)
                caller.received(bytes, &atCaller)
            }
        }
    }

    private func connected() -> Pair {
        var pair = Pair()
        pair.caller.start(agent: "caller")
        pair.service.start(agent: "service")
        pair.exchange()
        pair.atCaller = []
        pair.atService = []
        return pair
    }

    private static let header = OpenHeader(
        method: "a.b.c", timeoutMicroseconds: 5, attempt: 1, key: WireKey(high: 7, low: 8))

    private static let small = ByteBuffer(bytes: [0xa0])

    @Test(
        "carries a call and its reply, whatever their size",
        arguments: [1, 16_371, 70_000, 900_000])
    func call(size: Int) throws {
        var pair = connected()
        let message = ByteBuffer(repeating: 9, count: size)
        let opened = try? pair.caller.call(Self.header, message: message)
        let stream = try #require(opened)
        pair.exchange()
        let arrived = pair.atService.compactMap { action -> (OpenHeader, ByteBuffer)? in
            if case .call(_, let header, let message) = action { (header, message) } else { nil }
        }
        #expect(arrived.count == 1)
        #expect(arrived.first?.0 == Self.header)
        #expect(arrived.first?.1 == message)
        let notes = ByteBuffer(bytes: [0xa0])
        try pair.service.reply(stream, message: message, notes: notes, isLast: true)
        pair.exchange()
        let replies = pair.atCaller.compactMap { action -> ByteBuffer? in
            if case .reply(stream, let message?, notes, true) = action { message } else { nil }
        }
        #expect(replies == [message])
        let open = [pair.caller.openStreams, pair.service.openStreams]
        #expect(open == [0, 0])
    }

    @Test("stops sending when the other side grants no more, and goes on when it does")
    func credit() throws {
        var pair = connected()
        let opened = try? pair.caller.call(Self.header, message: ByteBuffer(bytes: [0xa0]))
        let stream = try #require(opened)
        pair.exchange()
        let message = ByteBuffer(repeating: 1, count: 100_000)
        for _ in 0..<10 {
            try pair.service.reply(stream, message: message, notes: nil, isLast: false)
            pair.exchange()
        }
        func received() -> Int {
            pair.atCaller.filter { if case .reply = $0 { true } else { false } }.count
        }
        // The parts of the first message are granted again as they come, since nothing waits
        // before it; then 512 KiB of window hold five more and a part of the next.
        #expect((5...7).contains(received()))
        for _ in 0..<10 {
            pair.caller.consumed(stream, messages: 1, bytes: 100_000)
            pair.exchange()
        }
        #expect(received() == 10)
    }

    @Test("ends a call for both when the caller cancels")
    func cancel() throws {
        var pair = connected()
        let opened = try? pair.caller.call(Self.header, message: Self.small)
        let stream = try #require(opened)
        pair.exchange()
        pair.caller.cancel(stream)
        pair.exchange()
        #expect(
            pair.atService.contains { if case .cancelled(stream) = $0 { true } else { false } })
        let open = pair.service.openStreams
        #expect(open == 0)
        #expect(throws: Connection.SendRefusal.streamOver) {
            try pair.service.reply(stream, message: nil, notes: nil, isLast: true)
        }
    }

    @Test("takes no more calls than it said, and none while draining")
    func limits() throws {
        var pair = connected()
        for _ in 0..<256 {
            let opened = try? pair.caller.call(Self.header, message: Self.small)
            #expect(opened != nil)
        }
        #expect(throws: Connection.SendRefusal.full(limit: 256)) {
            try pair.caller.call(Self.header, message: Self.small)
        }
        var draining = connected()
        draining.service.drain(reason: "stopping")
        draining.exchange()
        #expect(throws: Connection.SendRefusal.goingAway) {
            try draining.caller.call(Self.header, message: Self.small)
        }
        #expect(
            draining.atCaller.contains {
                if case .goAway(let last) = $0 {
                    last == GoAway(lastStream: 0, code: .stopping, reason: "stopping")
                } else {
                    false
                }
            })
    }
}
