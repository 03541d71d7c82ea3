internal import NIOCore
internal import NIOPosix

/// Buffers that all connections of one loop use in turn: an idle connection holds none.
///
/// Each is used again where nothing of its content is alive any more, and made anew elsewhere.
final class LoopScratch {
    /// What was decrypted last.
    var plaintext = ByteBuffer()
    /// Records on their way to the socket.
    var records = ByteBuffer()
    /// Frames on their way to be encrypted.
    var frames = ByteBuffer()

    private nonisolated(unsafe) static let current =  // each thread sees a value of its own
        ThreadSpecificVariable<LoopScratch>()

    /// The one of the loop whose thread this is.
    static var ofThisLoop: LoopScratch {
        if let scratch = current.currentValue { return scratch }
        let scratch = LoopScratch()
        current.currentValue = scratch
        return scratch
    }
}
