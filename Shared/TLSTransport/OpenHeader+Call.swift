internal import CBOR
internal import FoundationEssentials
internal import NIOCore
internal import RPC
internal import Vocabulary
internal import Wire

/// The two directions between a call as the RPC layer sees it and how it begins on the wire.
extension OpenHeader {
    init(_ call: OutboundCall) {
        let left = ContinuousClock.now.duration(to: call.deadline).microseconds
        self.init(
            method: call.method.text, timeoutMicroseconds: UInt64(clamping: max(1, left)),
            attempt: call.attempt,
            key: call.key.map { key in withUnsafeBytes(of: key.uuid.uuid) { Array($0) } },
            metadata: Self.metadata(call))
    }

    private static func metadata(_ call: OutboundCall) -> ByteBuffer {
        guard !call.seen.isEmpty else { return ByteBuffer() }
        let seen = Dictionary(uniqueKeysWithValues: call.seen.map { ($0.key.rawValue, $0.value) })
        return (try? CBOREncoder().encode(OpenMetadata(seen: seen))) ?? ByteBuffer()
    }

    /// How long the caller waits; nil where it named no limit.
    var timeout: Duration? {
        timeoutMicroseconds == 0 ? nil : .microseconds(Int64(clamping: timeoutMicroseconds))
    }

    var idempotencyKey: IdempotencyKey? {
        guard let key, key.count == 16 else { return nil }
        return IdempotencyKey(
            key.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
    }

    /// The positions the answer must have seen.
    ///
    /// What cannot be read cannot be honored: a position that is passed over would let an answer
    /// be older than its caller has seen.
    func seen() throws(RPCFailure) -> [ServiceName: Int64] {
        guard metadata.readableBytes > 0 else { return [:] }
        guard let metadata = try? CBORDecoder().decode(OpenMetadata.self, from: metadata) else {
            throw RPCFailure(
                .invalidArgument, "the call's metadata is not what the protocol says",
                outcome: .notProcessed)
        }
        var seen: [ServiceName: Int64] = [:]
        for (name, position) in metadata.seen ?? [:] {
            guard let name = ServiceName(rawValue: name) else {
                throw RPCFailure(
                    .invalidArgument, "the call's metadata names a service that does not exist",
                    outcome: .notProcessed)
            }
            seen[name] = position
        }
        return seen
    }
}
