internal import CBOR
internal import NIOCore

/// What each side says first.
package struct Hello: Codable, Hashable, Sendable {
    /// The protocol's version that this code speaks.
    package static let version: UInt8 = 1

    package var versionMinimum: UInt8
    package var versionMaximum: UInt8
    /// The largest frame payload it takes.
    package var frameBytes: Int
    /// The message bytes it lets the other side send on a new stream.
    package var window: Int
    package var streams: Int
    package var messageBytes: Int
    /// A program and its version, for logs.
    package var agent: String

    private enum CodingKeys: Int, CodingKey {
        case versionMinimum = 1
        case versionMaximum = 2
        case frameBytes = 3
        case window = 4
        case streams = 5
        case messageBytes = 6
        case agent = 7
    }

    package init(agent: String, limits: WireLimits = .standard) {
        versionMinimum = Self.version
        versionMaximum = Self.version
        frameBytes = limits.frameBytes
        window = limits.window
        streams = limits.streams
        messageBytes = limits.messageBytes
        self.agent = agent
    }

    func frame() throws(WireError) -> Frame {
        do {
            return Frame(.hello, payload: try CBOREncoder().encode(self))
        } catch {
            throw .malformed("HELLO")
        }
    }

    init(_ frame: Frame, limits: WireLimits) throws(WireError) {
        guard frame.type == .hello, frame.stream == 0, frame.flags.isEmpty else {
            throw .helloExpected
        }
        guard frame.payload.readableBytes <= limits.helloBytes else {
            throw .frameTooLarge(bytes: frame.payload.readableBytes, limit: limits.helloBytes)
        }
        do {
            self = try CBORDecoder().decode(Hello.self, from: frame.payload)
        } catch {
            throw .malformed("HELLO")
        }
        guard versionMinimum <= versionMaximum else { throw .malformed("HELLO") }
        guard (versionMinimum...versionMaximum).contains(Self.version) else {
            throw .versionMismatch(theirs: versionMinimum...versionMaximum)
        }
        guard frameBytes >= WireLimits.frameBytesMinimum, streams >= 1,
            (WireLimits.windowMinimum...Int(Int32.max)).contains(window),
            messageBytes >= WireLimits.messageBytesMinimum
        else { throw .malformed("HELLO") }
    }
}
