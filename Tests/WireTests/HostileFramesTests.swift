import NIOCore
import Testing

@testable import Wire

@Suite("Hostile frames")
struct HostileFramesTests {
    /// What a peer might send after its HELLO: every type, in a sound order.
    private static func conversation(to role: Connection.Role) throws -> [ByteBuffer] {
        let vectors = try Vectors.read("conversations", as: VectorTests.Conversation.self)
        let side: VectorTests.Conversation.Side = role == .caller ? .caller : .service
        return vectors.filter { $0.to == side && $0.frames.count < 20 }
            .map { ByteBuffer(hex: $0.frames.joined()) }
    }

    /// Feeds bytes, with calls open at a caller once it is ready, and returns what came of them.
    private func play(_ bytes: ByteBuffer, _ role: Connection.Role, cuts: [Int]) -> [String] {
        var connection = Connection(role: role)
        var rest = bytes
        var words: [String] = []
        func feed(_ piece: ByteBuffer) {
            words += connection.hear(piece)
        }
        // The HELLO comes in one piece, so that a caller has its calls open before the rest.
        if let hello = rest.readSlice(length: min(Self.helloBytes, rest.readableBytes)) {
            feed(hello)
        }
        if role == .caller, connection.isReady {
            let header = OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1, key: nil)
            for _ in 0..<3 {
                try? connection.open(header, ByteBuffer(bytes: [0xa0]))
            }
        }
        for cut in cuts {
            guard let piece = rest.readSlice(length: min(cut, rest.readableBytes)) else { break }
            feed(piece)
        }
        feed(rest)
        let (held, open) = (connection.heldBytes, connection.openStreams)
        #expect(held <= bytes.readableBytes + 3)
        #expect(open <= 256)
        if words.contains("close") {
            let more = connection.hear(bytes)
            #expect(more.isEmpty)
            #expect(words.last == "close")
        }
        return words
    }

    private static let helloBytes: Int = {
        let vector = try? Vectors.read("conversations", as: VectorTests.Conversation.self)
            .first { $0.frames.count > 1 }
        return vector?.frames.first.map { ByteBuffer(hex: $0).readableBytes } ?? 0
    }()

    @Test(
        "never trap, hold little, and mean the same however they are cut",
        arguments: [Connection.Role.caller, .service])
    func mutation(role: Connection.Role) async throws {
        let seeds = try Self.conversation(to: role)
        #expect(seeds.count > 10)
        var random = SeededRandom(seed: 20_260_131)
        for round in 0..<4000 {
            // Tests that wait for a process or a socket run on the same few threads.
            if round % 64 == 0 { await Task.yield() }
            var bytes = seeds.randomElement(using: &random) ?? ByteBuffer()
            if Bool.random(using: &random), var other = seeds.randomElement(using: &random) {
                other.moveReaderIndex(forwardBy: min(Self.helloBytes, other.readableBytes))
                bytes.writeBuffer(&other)
            }
            let first =
                Bool.random(using: &random) ? 0 : min(Self.helloBytes, bytes.writerIndex - 1)
            for _ in 0...Int.random(in: 0...4, using: &random) {
                let at = Int.random(in: first..<bytes.writerIndex, using: &random)
                let value = Self.tempting.randomElement(using: &random) ?? 0
                bytes.setInteger(
                    Bool.random(using: &random) ? value : .random(in: 0...255, using: &random),
                    at: at)
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes.moveWriterIndex(to: .random(in: 1...bytes.writerIndex, using: &random))
            }
            let whole = play(bytes, role, cuts: [])
            let cuts = (0..<12).map { _ in Int.random(in: 0...40, using: &random) }
            let cut = play(bytes, role, cuts: cuts)
            #expect(Self.order(whole) == Self.order(cut))
        }
    }

    /// Writes and events are two orders: one burst's writes come before its events.
    private static func order(_ words: [String]) -> [[String]] {
        [words.filter { $0.hasPrefix("sends") }, words.filter { !$0.hasPrefix("sends") }]
    }

    private static let tempting: [UInt8] = [0, 1, 2, 3, 7, 8, 9, 0x0b, 0x7f, 0x80, 0xff]

    @Test("that declare much and bring little make nothing grow")
    func declaredLength() throws {
        var parser = FrameParser()
        for byte in [0, 0, 0x3f, 0xf4, 2, 0, 0, 0, 0, 0, 0, 1] as [UInt8] {
            parser.append(ByteBuffer(bytes: [byte]))
            let frame = try parser.next()
            #expect(frame == nil)
        }
        #expect(parser.buffer.capacity < 4096)
    }
}
