import Foundation
import NIOCore

@testable import Wire

/// The files of `Tests/WireTests/Vectors`, which a client in another language may read as well.
enum Vectors {
    private struct File<Vector: Decodable>: Decodable {
        let vectors: [Vector]
    }

    static func read<Vector: Decodable>(_ name: String, as type: Vector.Type) throws -> [Vector] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Vectors/\(name).json")
        return try JSONDecoder().decode(File<Vector>.self, from: Data(contentsOf: file)).vectors
    }
}

extension ByteBuffer {
    /// Reads hex digits; `(00*64)` among them stands for the byte 64 times.
    init(hex: String) {
        self.init()
        for part in hex.split(separator: "(", omittingEmptySubsequences: false) {
            let run = part.split(separator: ")", omittingEmptySubsequences: false)
            if run.count == 2 {
                let byte = run[0].split(separator: "*")
                writeRepeatingByte(UInt8(byte[0], radix: 16) ?? 0, count: Int(byte[1]) ?? 0)
            }
            let digits = Array((run.last ?? "").utf8)
            writeBytes(
                stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                    UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
                })
        }
    }

    var hex: String {
        readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Connection.Action {
    /// The action in the words of `conversations.json`.
    var words: [String] {
        switch self {
        case .ready: ["ready"]
        case .call(let stream, let header, let message):
            ["call \(stream) \(header.method) \(message.hex)"]
        case .unsupported(let stream): ["unsupported \(stream)"]
        case .reply(let stream, let message, let notes, let isLast):
            [
                "reply \(stream) \(message?.hex ?? "-") \(notes?.hex ?? "-") "
                    + (isLast ? "last" : "more")
            ]
        case .failure(let stream, let body): ["failure \(stream) \(body.hex)"]
        case .cancelled(let stream): ["cancelled \(stream)"]
        case .goAway(let goAway): ["goAway \(goAway.lastStream) \(goAway.code.rawValue)"]
        case .pong: ["pong"]
        case .close: ["close"]
        // This tells the shell of its own queue, and nothing came to cause it.
        case .room: []
        }
    }
}

extension Connection {
    /// Takes bytes, and says what it sends and what came of them, in the words of
    /// `conversations.json`.
    mutating func hear(_ bytes: ByteBuffer) -> [String] {
        var actions: [Action] = []
        received(bytes, &actions)
        var output = ByteBuffer()
        produce(into: &output, upTo: .max / 2, &actions)
        return Self.frames(output) + actions.flatMap(\.words)
    }

    /// Begins a call, and lets its frames go.
    mutating func open(_ header: OpenHeader, _ message: ByteBuffer) throws(SendRefusal) {
        _ = try call(header, message: message)
        var (output, actions) = (ByteBuffer(), [Action]())
        produce(into: &output, upTo: .max / 2, &actions)
    }

    private static func frames(_ bytes: ByteBuffer) -> [String] {
        var parser = FrameParser()
        parser.append(bytes)
        var words: [String] = []
        while let frame = try? parser.next() {
            switch frame.type {
            case .pong: words.append("sends PONG \(frame.payload.hex)")
            case .credit:
                let bytes = frame.payload.getInteger(at: frame.payload.readerIndex, as: UInt32.self)
                words.append("sends CREDIT \(frame.stream) \(bytes ?? 0)")
            case .goAway:
                guard let goAway = try? GoAway(frame) else { continue }
                words.append("sends GOAWAY \(goAway.lastStream) \(goAway.code.rawValue)")
            default: words.append("sends \(frame.type.rawValue) on \(frame.stream)")
            }
        }
        return words
    }
}
