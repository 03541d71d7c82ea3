import ArgumentParser
import EchoMessages
import SwiftProtobuf

/// Encodes and decodes the message of the benchmarks, for valgrind to count the instructions.
@main
struct SwiftProtobufCoder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swift-protobuf-coder", abstract: "The echo of the benchmarks: SwiftProtobuf.")

    @Option(help: "How many messages to encode and decode.") var count = 1000

    func run() throws {
        var message = Echo_EchoMessage.sample(0)
        for number in 0..<Int64(count) {
            message.id = number
            let bytes: [UInt8] = try message.serializedBytes()
            let result = try Echo_EchoMessage(serializedBytes: bytes)
            guard result.id == number, result.author == message.author else {
                throw ValidationError("a message did not come back as it was")
            }
        }
    }
}
