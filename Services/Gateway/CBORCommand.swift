import ArgumentParser
import Foundation
import NIOCore
import Shared

/// `pulih cbor`: looks into messages; needs no service.
struct CBORCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cbor", abstract: "Reads and writes CBOR by hand.",
        subcommands: [Decode.self, Encode.self])

    struct Decode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a message in diagnostic notation (RFC 8949, section 8).")
        @Argument(help: "The message in hexadecimal digits.") var hex: String

        func run() throws {
            let digits = hex.filter { !$0.isWhitespace }
            var bytes: [UInt8] = []
            var rest = Substring(digits)
            while rest.count >= 2, let byte = UInt8(rest.prefix(2), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            }
            guard rest.isEmpty else {
                throw GatewayProblem("the message must be pairs of hexadecimal digits", .badData)
            }
            do {
                Console.data(try CBORValue(ByteBuffer(bytes: bytes)).diagnostic)
            } catch {
                throw GatewayProblem("not a message: \(error)", .badData)
            }
        }
    }

    struct Encode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a JSON document as CBOR in hexadecimal digits.")
        @Argument(help: "The JSON document.") var json: String

        func run() throws {
            guard
                let value = try? JSONDecoder().decode(CBORValue.self, from: Data(json.utf8))
            else { throw GatewayProblem("not a JSON document", .badData) }
            let buffer = try CBOREncoder().encode(value)
            Console.data(CBORValue.hex(Array(buffer.readableBytesView)))
        }
    }
}
