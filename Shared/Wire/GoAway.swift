internal import NIOCore

/// What a side says before it takes no more calls or ends the connection.
///
/// Its layout never changes, so that peers of any two versions can tell each other why they part.
package struct GoAway: Hashable, Sendable {
    /// Why; a code that this version does not know is a breach of some later rule.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Nobody did wrong: the side is about to end.
        package static let stopping = Code(rawValue: 0)
        package static let malformed = Code(rawValue: 1)
        package static let version = Code(rawValue: 2)
        package static let frameTooLarge = Code(rawValue: 3)
        package static let messageTooLarge = Code(rawValue: 4)
        package static let credit = Code(rawValue: 5)
        package static let stream = Code(rawValue: 6)
        package static let tooManyCalls = Code(rawValue: 7)
        /// Nothing was heard for too long.
        package static let silence = Code(rawValue: 8)
        /// Calls were opened and cancelled, or pings sent, without measure.
        package static let abuse = Code(rawValue: 9)
        /// The connection is old or unused: another one is as good.
        package static let age = Code(rawValue: 10)
        /// The certificate that the other side has shown is revoked.
        package static let revoked = Code(rawValue: 11)
    }

    /// The last stream that was taken; those above it were not processed.
    package var lastStream: UInt32
    package var code: Code
    /// For the log of the other side.
    package var reason: String

    package init(lastStream: UInt32, code: Code, reason: String) {
        self.lastStream = lastStream
        self.code = code
        self.reason = reason
    }

    func frame() -> Frame {
        var payload = ByteBuffer()
        payload.writeInteger(lastStream)
        payload.writeInteger(code.rawValue)
        payload.writeString(String(reason.prefix(200)))
        return Frame(.goAway, payload: payload)
    }

    init(_ frame: Frame) throws(WireError) {
        var payload = frame.payload
        guard let (last, code) = payload.readMultipleIntegers(as: (UInt32, UInt16).self) else {
            throw .malformed("GOAWAY")
        }
        lastStream = last
        self.code = Code(rawValue: code)
        reason = payload.readString(length: min(payload.readableBytes, 1024)) ?? ""
    }
}

extension WireError {
    /// What the other side is told of it.
    package var code: GoAway.Code {
        switch self {
        case .malformed, .unknownFrame, .helloExpected, .helloTwice: .malformed
        case .frameTooLarge: .frameTooLarge
        case .messageTooLarge: .messageTooLarge
        case .versionMismatch: .version
        case .wrongStream: .stream
        case .tooManyCalls: .tooManyCalls
        case .creditExceeded, .creditOverflow: .credit
        case .abuse: .abuse
        }
    }
}
