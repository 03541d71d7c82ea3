internal import CBOR
internal import FoundationEssentials
internal import NIOCore
internal import RPC
internal import Vocabulary
internal import Wire

/// The two directions between a call as the RPC layer sees it and how it begins on the wire.
extension OpenHeader {
    init(_ call: OutboundCall) {
        let left = call.left.microseconds
        self.init(
            method: call.method.text, timeoutMicroseconds: UInt64(clamping: max(1, left)),
            attempt: call.attempt, key: call.key.map(WireKey.init), trace: call.trace,
            metadata: Self.metadata(call))
    }

    private static func metadata(_ call: OutboundCall) -> ByteBuffer {
        guard !call.seen.isEmpty || call.purpose != nil else { return ByteBuffer() }
        let seen = Dictionary(uniqueKeysWithValues: call.seen.map { ($0.key.rawValue, $0.value) })
        let metadata = OpenMetadata(
            seen: seen.isEmpty ? nil : seen, purpose: call.purpose?.rawValue)
        return (try? CBOREncoder().encode(metadata)) ?? ByteBuffer()
    }

    /// The positions the answer must have seen, and for what the caller reads.
    ///
    /// What cannot be read cannot be honored: a position that is passed over would let an answer
    /// be older than its caller has seen, and a purpose would not be the one that was meant.
    func asked() throws(RPCFailure) -> (seen: [ServiceName: Int64], purpose: PurposeOfUse?) {
        guard metadata.readableBytes > 0 else { return ([:], nil) }
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
        guard let code = metadata.purpose else { return (seen, nil) }
        guard let purpose = PurposeOfUse(rawValue: code) else {
            let known = PurposeOfUse.allCases.map(\.rawValue).joined(separator: ", ")
            throw RPCFailure(
                .invalidArgument, "the purpose is none of \(known)", outcome: .notProcessed)
        }
        return (seen, purpose)
    }
}

extension InboundCall {
    convenience init(
        _ header: OpenHeader, _ message: ByteBuffer, from identity: Identity, terms: CallTerms,
        arrived: NIODeadline, _ time: ContinuousClock.Instant
    ) throws(RPCFailure) {
        let wish =
            header.timeoutMicroseconds == 0
            ? nil : Duration.microseconds(Int64(clamping: header.timeoutMicroseconds))
        let asked = try header.asked()
        self.init(
            identity: identity, method: header.method, terms: terms, message: message,
            arrived: arrived, deadline: terms.deadline(wish, from: time),
            key: header.key.map(IdempotencyKey.init), attempt: header.attempt,
            seen: asked.seen, purpose: asked.purpose, trace: header.trace)
    }
}

extension WireKey {
    init(_ key: IdempotencyKey) {
        let bytes = key.uuid.uuid
        self = withUnsafeBytes(of: bytes) { bytes in
            WireKey(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}

extension IdempotencyKey {
    init(_ key: WireKey) {
        let uuid = withUnsafeBytes(of: (key.high.bigEndian, key.low.bigEndian)) { bytes in
            bytes.loadUnaligned(as: uuid_t.self)
        }
        self.init(UUID(uuid: uuid))
    }
}
