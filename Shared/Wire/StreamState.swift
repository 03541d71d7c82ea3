internal import NIOCore

/// One call on a connection: what is still to be sent, what has come of a message, and the credit
/// both ways.
struct StreamState: Sendable {
    /// A message that waits, whole or in part.
    struct Outgoing: Sendable {
        var header: OpenHeader?
        var notes: ByteBuffer?
        /// Nil for an end without a message.
        var message: ByteBuffer?
        var end: Bool
    }

    /// Message bytes this side may still send.
    var sendCredit: Int
    /// Message bytes the other side may still send.
    var receiveCredit: Int
    /// Bytes taken by the application that the other side was not told of yet.
    var ungranted = 0
    var outgoing: [Outgoing] = []
    var sentEnd = false
    /// What has come of a message.
    var partial = ByteBuffer()
    /// Whether the other side has ended.
    var isHalfClosed = false
    /// For each whole message that the application has not taken: its bytes not granted again.
    var held: [Int] = []
    /// The same of the message that is not whole yet.
    var partialHeld = 0
    /// How the call began; kept until its request is whole.
    var header: OpenHeader?

    init(sendCredit: Int, window: Int) {
        self.sendCredit = sendCredit
        receiveCredit = window
    }

    /// The next frame that credit allows; nil where there is none.
    mutating func nextFrame(stream: UInt32, size: Int) -> Frame? {
        guard var next = outgoing.first else { return nil }
        var payload = ByteBuffer()
        var flags: FrameFlags = []
        var type = FrameType.data
        if let header = next.header {
            type = .open
            header.write(to: &payload)
            if header.key != nil { flags.insert(.hasKey) }
        }
        let left = next.message?.readableBytes ?? 0
        // Notes travel with the last frame, and need room in it.
        let notesBytes = next.notes.map { $0.readableBytes + 2 } ?? 0
        let room = size - payload.readableBytes
        // Metadata and notes are held to a frame's size when they are handed over.
        guard room >= 0, notesBytes <= size else { return nil }
        let count = min(left, room, sendCredit)
        guard count > 0 || left == 0 else {
            // The header alone goes out where there is no credit for the message yet.
            guard next.header != nil else { return nil }
            next.header = nil
            outgoing[0] = next
            return Frame(type, flags: flags, stream: stream, payload: payload)
        }
        let isEnd = count == left && notesBytes + count <= room
        if isEnd {
            if next.message != nil { flags.insert(.endMessage) }
            if next.end { flags.insert(.endStream) }
            if let notes = next.notes {
                flags.insert(.notes)
                payload.writeInteger(UInt16(clamping: notes.readableBytes))
                payload.writeImmutableBuffer(notes)
            }
        }
        let taken = isEnd ? count : min(count, max(left - 1, 1))
        if let slice = next.message?.readSlice(length: taken) {
            payload.writeImmutableBuffer(slice)
        }
        sendCredit -= taken
        next.header = nil
        if isEnd {
            outgoing.removeFirst()
            sentEnd = sentEnd || next.end
        } else {
            outgoing[0] = next
        }
        return Frame(type, flags: flags, stream: stream, payload: payload)
    }
}
