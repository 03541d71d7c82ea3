/// Why bytes are not a message, or a value cannot become one.
///
/// It says where and what, never the value itself: records are sensitive.
@usableFromInline
package struct CBORError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What rule was broken.
    package enum Kind: String, Hashable, Sendable {
        case truncated
        case trailingBytes
        case indefiniteLength
        case notShortest
        case reserved
        case duplicateKey
        case keyType
        case depthExceeded
        case tooLarge
        case invalidUTF8
        case invalidSimple
        case tagNotAllowed
        case typeMismatch
        case missing
        case dataCorrupted
        case unsupported
    }

    package let kind: Kind
    /// Bytes from the start of the message; nil while encoding.
    package let offset: Int?
    /// The fields down to the place, such as `phases.2.days`; empty at the top.
    package private(set) var path: String
    /// What was wrong and what would be right.
    package let detail: String

    /// The item from which `path` goes on, while nobody has walked the message to there.
    private(set) var origin: Int?

    package init(_ kind: Kind, at offset: Int? = nil, path: String = "", _ detail: String) {
        self.kind = kind
        self.offset = offset
        self.path = path
        self.detail = detail
    }

    /// An error about what was read or not found, whose path begins at the item at `origin`.
    init(
        _ kind: Kind, at offset: Int? = nil, from origin: Int, path: String = "", _ detail: String
    ) {
        self.init(kind, at: offset, path: path, detail)
        self.origin = origin
    }

    /// The same with its whole path.
    func placed(in message: CheckedMessage) -> CBORError {
        guard let origin else { return self }
        var error = self
        let fields = message.path(to: origin).map(FoundKey.word)
        error.path = (fields + (path.isEmpty ? [] : [path])).joined(separator: ".")
        error.origin = nil
        return error
    }

    @usableFromInline package var description: String {
        var text = path.isEmpty ? "" : "\(path): "
        text += detail
        if let offset { text += " (at byte \(offset))" }
        return text
    }
}

/// What a message may not exceed; each limit has its own error that names it.
package struct DecodingLimits: Hashable, Sendable {
    /// How many containers and tags may lie inside each other.
    package var depth: Int
    /// Bytes of a whole message.
    package var bytes: Int

    package init(depth: Int = 32, bytes: Int = 4 * 1024 * 1024) {
        self.depth = depth
        self.bytes = bytes
    }

    package static let standard = DecodingLimits()
}
