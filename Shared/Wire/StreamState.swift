internal import DequeModule
internal import NIOCore

/// One call on a connection: what is still to be sent, what has come of a message, and the credit
/// both ways.
///
/// An object, so that a connection's table holds a word for each stream and not hundreds of bytes;
/// it belongs to one connection alone.
final class StreamState {
    /// A message that waits, whole or in part.
    struct Outgoing: Sendable {
        var header: OpenHeader?
        var notes: ByteBuffer?
        /// Nil for an end without a message.
        var message: ByteBuffer?
        var end: Bool
    }

    // Sending.

    /// Message bytes this side may still send.
    var sendCredit: Int
    /// What is handed over and not sent, the oldest first; the first stands apart, because most
    /// streams never have more.
    private(set) var next: Outgoing?
    private var later = Deque<Outgoing>()
    /// Message bytes handed over and not sent, and those of the first message.
    private(set) var unsentBytes = 0
    private var firstBytes = 0
    /// Whether something is handed over, and whether it begins the call.
    private(set) var hasNext = false
    private var isOpening = false
    /// Whether the stream waits for its turn to send.
    var isQueued = false
    /// Whether the caller's OPEN has gone out: before that the other side knows nothing of it.
    var isOpened = false
    private(set) var hasSentEnd = false

    // Receiving.

    /// Message bytes the other side may still send.
    var receiveCredit: Int
    /// Bytes due to be granted that the other side was not told of yet.
    var ungranted = 0
    /// What has come of a message.
    var partial = ByteBuffer()
    /// Whole messages that the application has not taken.
    var untaken = 0
    /// Bytes of the oldest message not taken that were granted again before it was whole.
    var advanced = 0
    /// Whether the other side has ended.
    var isHalfClosed = false
    /// How the call began; kept until its request is whole.
    var header: OpenHeader?

    init(sendCredit: Int, window: Int) {
        self.sendCredit = sendCredit
        receiveCredit = window
    }

    // MARK: Sending

    func hand(over outgoing: consuming Outgoing) {
        let bytes = outgoing.message?.readableBytes ?? 0
        unsentBytes += bytes
        guard !hasNext else { return later.append(outgoing) }
        isOpening = outgoing.header != nil
        firstBytes = bytes
        hasNext = true
        next = outgoing
    }

    /// Whether a frame could go out now.
    var canSend: Bool { hasNext && (isOpening || sendCredit > 0 || firstBytes == 0) }

    private func advanceToNext() {
        next = later.popFirst()
        hasNext = next != nil
        firstBytes = next?.message?.readableBytes ?? 0
    }

    /// Appends the next frame that credit allows; false where there is none.
    ///
    /// `size`: the largest payload that the other side takes.
    func writeFrame(stream: UInt32, size: Int, to buffer: inout ByteBuffer) -> Bool {
        guard canSend, var outgoing = next.take() else { return false }
        var flags: FrameFlags = []
        var before = 0
        if let header = outgoing.header {
            before = header.byteCount
            flags.formUnion(header.flags)
        }
        let left = outgoing.message?.readableBytes ?? 0
        // Notes travel with the last frame, and need room in it. Metadata and notes are held to a
        // frame's size when they are handed over.
        let notesBytes = outgoing.notes.map { $0.readableBytes + 2 } ?? 0
        let room = max(0, size - before)
        let isEnd = left <= sendCredit && left + notesBytes <= room
        // A byte stays for the frame that ends the message, where only the notes do not fit.
        let count = isEnd ? left : min(left > room ? room : max(left - 1, 0), sendCredit)
        if isEnd {
            if outgoing.message != nil { flags.insert(.endMessage) }
            if outgoing.end { flags.insert(.endStream) }
            if outgoing.notes != nil { flags.insert(.notes) }
            before += notesBytes
        }
        buffer.writeMultipleIntegers(
            UInt32(before + count), (isOpening ? FrameType.open : .data).rawValue,
            flags.rawValue, UInt16(0), stream)
        if let header = outgoing.header.take() {
            header.write(to: &buffer)
            isOpened = true
            isOpening = false
        }
        if isEnd, let notes = outgoing.notes {
            buffer.writeInteger(UInt16(truncatingIfNeeded: notes.readableBytes))
            buffer.writeImmutableBuffer(notes)
        }
        if count > 0 {
            outgoing.message?.readWithUnsafeReadableBytes { bytes in
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                return count
            }
        }
        sendCredit -= count
        unsentBytes -= count
        if isEnd {
            hasSentEnd = hasSentEnd || outgoing.end
            advanceToNext()
        } else {
            firstBytes -= count
            next = outgoing
        }
        return true
    }

    // MARK: Receiving

    /// Notes that the application has taken messages, and returns how much is to be granted.
    func take(messages: Int, bytes: Int) -> Int {
        let early = min(advanced, bytes)
        advanced -= early
        untaken -= min(untaken, messages)
        return bytes - early + advance()
    }

    /// What is to be granted of a message that is not whole yet.
    ///
    /// One larger than the window could never become whole without. Its size is bounded, and
    /// nothing is granted while the application has another message to take first.
    func advance() -> Int {
        guard untaken == 0 else { return 0 }
        let bytes = partial.readableBytes - advanced
        advanced = partial.readableBytes
        return bytes
    }
}
