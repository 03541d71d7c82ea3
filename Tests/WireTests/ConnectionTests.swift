import NIOCore
import Testing
import Wire

@Suite("A connection")
struct ConnectionTests {
    /// Both ends in memory: what one writes, the other receives.
    private struct Pair {
        var caller = Connection(role: .caller)
        var service = Connection(role: .service)
        var toService: [ByteBuffer] = []
        var toCaller: [ByteBuffer] = []
        var atCaller: [Connection.Action] = []
        var atService: [Connection.Action] = []

        mutating func callerDid(_ actions: [Connection.Action]) {
            for action in actions {
                if case .write(let bytes) = action {
                    toService.append(bytes)
                } else {
                    atCaller.append(action)
                }
            }
        }

        mutating func serviceDid(_ actions: [Connection.Action]) {
            for action in actions {
                if case .write(let bytes) = action {
                    toCaller.append(bytes)
                } else {
                    atService.append(action)
                }
            }
        }

        mutating func exchange() {
            while !toService.isEmpty || !toCaller.isEmpty {
                if !toService.isEmpty { serviceDid(service.received(toService.removeFirst())) }
                if !toCaller.isEmpty { callerDid(caller.received(toCaller.removeFirst())) }
            }
        }
    }

    private func connected() -> Pair {
        var pair = Pair()
        pair.callerDid(pair.caller.start(agent: "caller"))
        pair.serviceDid(pair.service.start(agent: "service"))
        pair.exchange()
        pair.atCaller = []
        pair.atService = []
        return pair
    }

    private static let header = OpenHeader(
        method: "a.b.c", timeoutMicroseconds: 5, attempt: 1, key: [UInt8](repeating: 7, count: 16))

    @Test(
        "carries a call and its reply, whatever their size",
        arguments: [0, 1, 16_371, 70_000, 900_000])
    func call(size: Int) throws {
        var pair = connected()
        let message = ByteBuffer(repeating: 9, count: size)
        let opened = pair.caller.call(Self.header, message: message)
        let (stream, actions) = try #require(opened)
        pair.callerDid(actions)
        pair.exchange()
        let arrived = pair.atService.compactMap { action -> (OpenHeader, ByteBuffer)? in
            if case .call(_, let header, let message) = action { (header, message) } else { nil }
        }
        #expect(arrived.count == 1)
        #expect(arrived.first?.0 == Self.header)
        #expect(arrived.first?.1 == message)
        let notes = ByteBuffer(bytes: [0xa0])
        pair.serviceDid(
            pair.service.reply(stream, message: message, notes: notes, isLast: true))
        pair.exchange()
        let replies = pair.atCaller.compactMap { action -> ByteBuffer? in
            if case .reply(stream, let message?, notes, true) = action { message } else { nil }
        }
        #expect(replies == [message])
        #expect(pair.caller.openStreams == 0)
        #expect(pair.service.openStreams == 0)
    }

    @Test("stops sending when the other side grants no more, and goes on when it does")
    func credit() throws {
        var pair = connected()
        let opened = pair.caller.call(Self.header, message: ByteBuffer(bytes: [0xa0]))
        let (stream, actions) = try #require(opened)
        pair.callerDid(actions)
        pair.exchange()
        let message = ByteBuffer(repeating: 1, count: 100_000)
        for _ in 0..<10 {
            pair.serviceDid(pair.service.reply(stream, message: message, notes: nil, isLast: false))
            pair.exchange()
        }
        func received() -> Int {
            pair.atCaller.filter { if case .reply = $0 { true } else { false } }.count
        }
        // The parts of the first message are granted again as they come, since nothing waits
        // before it; then 256 KiB of window hold two more and a part of the next.
        #expect((2...4).contains(received()))
        for _ in 0..<10 {
            pair.callerDid(pair.caller.consumed(stream))
            pair.exchange()
        }
        #expect(received() == 10)
    }

    @Test("ends a call for both when the caller cancels")
    func cancel() throws {
        var pair = connected()
        let opened = pair.caller.call(Self.header, message: ByteBuffer())
        let (stream, actions) = try #require(opened)
        pair.callerDid(actions)
        pair.exchange()
        pair.callerDid(pair.caller.cancel(stream))
        pair.exchange()
        #expect(
            pair.atService.contains { if case .cancelled(stream) = $0 { true } else { false } })
        #expect(pair.service.openStreams == 0)
        let after = pair.service.reply(stream, message: nil, notes: nil, isLast: true)
        #expect(after.isEmpty)
    }

    @Test("takes no more calls than it said, and none while draining")
    func limits() throws {
        var pair = connected()
        for _ in 0..<256 {
            let opened = pair.caller.call(Self.header, message: ByteBuffer())
            #expect(opened != nil)
        }
        let oneMore = pair.caller.call(Self.header, message: ByteBuffer())
        #expect(oneMore == nil)
        var draining = connected()
        draining.serviceDid(draining.service.drain(reason: "stopping"))
        draining.exchange()
        let late = draining.caller.call(Self.header, message: ByteBuffer())
        #expect(late == nil)
        #expect(
            draining.atCaller.contains {
                if case .goAway(0, "stopping") = $0 { true } else { false }
            })
    }

    private func failure(_ frames: [Frame], hello: Bool = true) -> WireError? {
        var service = Connection(role: .service)
        var bytes = ByteBuffer()
        if hello {
            var caller = Connection(role: .caller)
            for case .write(var start) in caller.start(agent: "x") { bytes.writeBuffer(&start) }
        }
        for frame in frames { frame.write(to: &bytes) }
        for case .close(let error) in service.received(bytes) { return error }
        return nil
    }

    @Test("ends with the right reason when a rule is broken")
    func breaches() {
        #expect(failure([Frame(.ping)], hello: false) == .helloExpected)
        #expect(failure([Frame(.hello)]) == .helloTwice)
        #expect(failure([Frame(FrameType(rawValue: 9))]) == .unknownFrame(type: 9))
        #expect(failure([Frame(FrameType(rawValue: 0x80))]) == nil)
        #expect(failure([Frame(.ping)]) == .malformed("PING"))
        #expect(failure([Frame(.open, stream: 2)]) == .wrongStream(2))
        #expect(failure([Frame(.open, stream: 1)]) == .malformed("OPEN"))
        #expect(failure([Frame(.error, stream: 1)]) == .wrongStream(1))
        let large = Frame(.data, stream: 1, payload: ByteBuffer(repeating: 0, count: 16_373))
        #expect(failure([large]) == .frameTooLarge(bytes: 16_373, limit: 16_372))
    }

    @Test("never traps on what arrives, however it is changed or cut")
    func mutation() {
        var original = ByteBuffer()
        var caller = Connection(role: .caller)
        for case .write(var bytes) in caller.start(agent: "x") { original.writeBuffer(&bytes) }
        for size in [0, 10, 20_000] {
            let call = caller.call(Self.header, message: ByteBuffer(repeating: 3, count: size))
            for case .write(var bytes) in call?.actions ?? [] { original.writeBuffer(&bytes) }
        }
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<20_000 {
            var bytes = original
            for _ in 0...random(3) {
                bytes.setInteger(UInt8(random(256)), at: random(bytes.writerIndex))
            }
            if round % 4 == 0 { bytes.moveWriterIndex(to: random(bytes.writerIndex)) }
            var service = Connection(role: .service)
            _ = service.received(bytes)
            #expect(service.openStreams <= 256)
        }
    }
}
