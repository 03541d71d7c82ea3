import ArgumentParser
import CBOR
import EchoAPI
import Foundation
import NIOCore

/// Encodes and decodes the message of the benchmarks, for valgrind to count the instructions.
@main
struct EchoCoder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulih-echo-coder", abstract: "The echo of the benchmarks: coders.")

    enum Coder: String, CaseIterable, ExpressibleByArgument {
        /// As calls do it.
        case cbor
        /// CBOR through the containers of Codable, as for most types.
        case codable
        case json
    }

    /// The same message without a form of its own.
    private struct Plain: Codable {
        var message: EchoMessage

        init(_ message: EchoMessage) { self.message = message }
        init(from decoder: any Decoder) throws { message = try EchoMessage(from: decoder) }
        func encode(to encoder: any Encoder) throws { try message.encode(to: encoder) }
    }

    @Option(help: "Which coder.") var coder: Coder
    @Option(help: "How many messages to encode and decode.") var count = 1000

    func run() throws {
        var message = EchoMessage.sample(0)
        var plain = Plain(message)
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        for number in 0..<Int64(count) {
            message.id = number
            let result: EchoMessage
            switch coder {
            case .cbor:
                let bytes: ByteBuffer = try CBOREncoder().encode(message)
                result = try CBORDecoder().decode(EchoMessage.self, from: bytes)
            case .codable:
                plain.message.id = number
                let bytes: ByteBuffer = try CBOREncoder().encode(plain)
                result = try CBORDecoder().decode(Plain.self, from: bytes).message
            case .json:
                result = try decoder.decode(EchoMessage.self, from: encoder.encode(message))
            }
            guard result.id == number, result.author == message.author else {
                throw ValidationError("a message did not come back as it was")
            }
        }
    }
}
