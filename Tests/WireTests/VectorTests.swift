import NIOCore
import Testing

@testable import Wire

@Suite("The protocol's vectors")
struct VectorTests {
    struct FrameVector: Decodable {
        let name: String
        let hex: String
        let type: UInt8?
        let flags: UInt8?
        let stream: UInt32?
        let payload: String?
        let code: UInt16?
    }

    @Test("frames are read as fields and written as the same bytes")
    func frames() throws {
        for vector in try Vectors.read("frames", as: FrameVector.self) {
            var parser = FrameParser()
            parser.append(ByteBuffer(hex: vector.hex))
            do {
                let frame = try parser.next()
                #expect(frame?.type.rawValue == vector.type, "\(vector.name)")
                #expect(frame?.flags.rawValue == vector.flags, "\(vector.name)")
                #expect(frame?.stream == vector.stream, "\(vector.name)")
                #expect(
                    frame?.payload == vector.payload.map { ByteBuffer(hex: $0) }, "\(vector.name)")
                guard let frame else { continue }
                var written = ByteBuffer()
                frame.write(to: &written)
                #expect(written == ByteBuffer(hex: vector.hex), "\(vector.name)")
            } catch {
                #expect(error.code.rawValue == vector.code, "\(vector.name)")
            }
        }
    }

    struct HelloVector: Decodable {
        struct Fields: Decodable {
            let lowest: UInt8
            let highest: UInt8
            let frame: Int
            let window: Int
            let calls: Int
            let message: Int
            let agent: String
        }
        let name: String
        let payload: String
        let fields: Fields?
        let canonical: Bool?
        let code: UInt16?
    }

    @Test("HELLO is read as its fields, or refused with the right code")
    func hello() throws {
        for vector in try Vectors.read("hello", as: HelloVector.self) {
            let frame = Frame(.hello, payload: ByteBuffer(hex: vector.payload))
            do {
                let hello = try Hello(frame, limits: .standard)
                let fields = try #require(vector.fields, "\(vector.name)")
                #expect(hello.versionMinimum == fields.lowest, "\(vector.name)")
                #expect(hello.versionMaximum == fields.highest, "\(vector.name)")
                #expect(hello.frameBytes == fields.frame, "\(vector.name)")
                #expect(hello.window == fields.window, "\(vector.name)")
                #expect(hello.streams == fields.calls, "\(vector.name)")
                #expect(hello.messageBytes == fields.message, "\(vector.name)")
                #expect(hello.agent == fields.agent, "\(vector.name)")
                guard vector.canonical == true else { continue }
                let written = try hello.frame().payload
                #expect(written == ByteBuffer(hex: vector.payload), "\(vector.name)")
            } catch let error as WireError {
                #expect(error.code.rawValue == vector.code, "\(vector.name)")
            }
        }
    }

    struct OpenVector: Decodable {
        struct Fields: Decodable {
            let method: String
            let timeout: String
            let attempt: UInt8
            let key: String?
            let trace: String?
            let metadata: String
            let message: String
        }
        let name: String
        let flags: UInt8
        let payload: String
        let fields: Fields?
        let code: UInt16?
    }

    @Test("OPEN is read as its fields and written as the same bytes")
    func open() throws {
        for vector in try Vectors.read("open", as: OpenVector.self) {
            var payload = ByteBuffer(hex: vector.payload)
            let flags = FrameFlags(rawValue: vector.flags)
            do {
                let header = try OpenHeader(&payload, flags: flags, limits: .standard)
                let fields = try #require(vector.fields, "\(vector.name)")
                #expect(header.method == fields.method, "\(vector.name)")
                #expect("\(header.timeoutMicroseconds)" == fields.timeout, "\(vector.name)")
                #expect(header.attempt == fields.attempt, "\(vector.name)")
                let key = header.key.map { key in
                    var bytes = ByteBuffer()
                    bytes.writeMultipleIntegers(key.high, key.low)
                    return bytes.hex
                }
                #expect(key == fields.key, "\(vector.name)")
                #expect(header.trace?.description == fields.trace, "\(vector.name)")
                #expect(header.metadata.hex == fields.metadata, "\(vector.name)")
                #expect(payload.hex == fields.message, "\(vector.name)")
                var written = ByteBuffer()
                header.write(to: &written)
                written.writeBuffer(&payload)
                #expect(written == ByteBuffer(hex: vector.payload), "\(vector.name)")
            } catch let error as WireError {
                #expect(error.code.rawValue == vector.code, "\(vector.name)")
            }
        }
    }

    struct Conversation: Decodable {
        enum Side: String, Decodable {
            case caller
            case service
        }
        let name: String
        let to: Side
        let calls: Int
        let frames: [String]
        let outcome: [String]
    }

    /// The side the vector speaks to, ready, with as many calls open as the vector says.
    private func receiver(_ vector: Conversation, _ words: inout [String]) throws -> Connection {
        var connection = Connection(role: vector.to == .caller ? .caller : .service)
        guard let hello = vector.frames.first else { return connection }
        words += connection.hear(ByteBuffer(hex: hello))
        let header = OpenHeader(method: "a.b.c", timeoutMicroseconds: 1, attempt: 1, key: nil)
        for _ in 0..<vector.calls { try connection.open(header, ByteBuffer(bytes: [0xa0])) }
        return connection
    }

    @Test("conversations come to what they must, frame by frame and byte by byte")
    func conversations() throws {
        for vector in try Vectors.read("conversations", as: Conversation.self) {
            var words: [String] = []
            var whole = try receiver(vector, &words)
            for frame in vector.frames.dropFirst() {
                words += whole.hear(ByteBuffer(hex: frame))
            }
            #expect(words == vector.outcome, "\(vector.name)")
            var pieces: [String] = []
            var split = try receiver(vector, &pieces)
            var bytes = ByteBuffer(hex: vector.frames.dropFirst().joined())
            // Long ones are cut coarsely: the test is of the cutting, not of patience.
            let size = bytes.readableBytes > 20_000 ? 1001 : 1
            while let piece = bytes.readSlice(length: min(size, max(1, bytes.readableBytes))) {
                pieces += split.hear(piece)
            }
            #expect(pieces == vector.outcome, "cut: \(vector.name)")
        }
    }
}
