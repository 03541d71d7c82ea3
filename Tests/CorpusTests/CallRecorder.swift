import CBOR
import NIOCore
import RPC
import Synchronization
import Vocabulary

/// Collects the messages of calls, and chooses those that are worth keeping.
final class CallRecorder: Sendable {
    private struct Collected {
        let method: String
        let by: String
        let request: CBORValue
        var replies: [CBORValue] = []
    }

    private let collected = Mutex<[Collected]>([])

    /// How many calls of one method are kept at most.
    private static let keptMax = 8

    fileprivate func begin(_ call: OutboundCall, by caller: String) throws(CBORError) -> Int {
        let request = try CBORValue(call.message)
        return collected.withLock { calls in
            calls.append(Collected(method: call.method.text, by: caller, request: request))
            return calls.count - 1
        }
    }

    fileprivate func add(_ reply: ByteBuffer, to index: Int) throws(CBORError) {
        let value = try CBORValue(reply)
        collected.withLock { $0[index].replies.append(value) }
    }

    /// Everything that was asked of one method.
    func requests(of method: String) -> [CBORValue] {
        collected.withLock { $0.filter { $0.method == method }.map(\.request) }
    }

    /// Of each method, in the order of their names, the calls that have a field which none before
    /// has; of a stream's replies those that have one.
    ///
    /// Ids that a service made up are numbered, so that a second recording gives the same.
    func chosen() -> [RecordedCall] {
        var seen: [String: Set<String>] = [:]
        var kept: [String: Int] = [:]
        let calls = collected.withLock { $0 }
        let ids = MadeUpIDs(asked: calls.map(\.request))
        let chosen = calls.enumerated().compactMap { _, call -> RecordedCall? in
            guard !call.replies.isEmpty, kept[call.method, default: 0] < Self.keptMax else {
                return nil
            }
            var known = seen[call.method] ?? []
            let replies = call.replies.filter { reply in
                let isStream = call.method.hasSuffix(".follow")
                return known.addAll(isStream ? feedPaths(of: reply, for: call.by) : reply.paths)
                    || !isStream
            }
            let isNew = known != seen[call.method]
            let asks = known.addAll(Set(call.request.paths.map { "request" + $0 }))
            guard isNew || asks, !replies.isEmpty else { return nil }
            seen[call.method] = known
            kept[call.method, default: 0] += 1
            return RecordedCall(
                method: call.method, by: call.by, request: Hex.text(call.request.bytes),
                replies: replies.map { Hex.text(ids.numbered($0).bytes) })
        }
        return chosen.enumerated().sorted {
            ($0.element.method, $0.offset) < ($1.element.method, $1.offset)
        }.map(\.element)
    }

    /// An item's paths, and those of its body by what it is and for whom.
    private func feedPaths(of reply: CBORValue, for follower: String) -> Set<String> {
        var paths = reply.paths
        if let item = FeedEntry(reply), let body = try? CBORValue(item.body) {
            paths.formUnion(body.paths.map { "\(follower) \(item.noun)\($0)" })
        }
        return paths
    }
}

extension Set {
    /// Whether one of them was new.
    fileprivate mutating func addAll(_ others: Set) -> Bool {
        let before = count
        formUnion(others)
        return count > before
    }
}

/// What a feed tells, taken from an item as it came.
struct FeedEntry {
    let noun: String
    let body: ByteBuffer

    /// Nil of an item that tells nothing.
    init?(_ item: CBORValue) {
        guard case .map(let pairs) = item,
            case .text(let noun)? = pairs.first(where: { $0.key == .unsigned(3) })?.value,
            case .bytes(let body)? = pairs.first(where: { $0.key == .unsigned(5) })?.value
        else { return nil }
        self.noun = noun
        self.body = ByteBuffer(bytes: body)
    }
}

/// Ids in replies that nobody had asked for, which are others each time.
private final class MadeUpIDs {
    private var known: [CBORValue: CBORValue] = [:]
    private var madeUp = 0

    init(asked: [CBORValue]) {
        for request in asked { learn(request) }
    }

    private func learn(_ value: CBORValue) {
        switch value {
        case .map(let pairs): for pair in pairs { learn(pair.value) }
        case .array(let items): for item in items { learn(item) }
        case .tagged(37, _): known[value] = value
        default: break
        }
    }

    func numbered(_ value: CBORValue) -> CBORValue {
        switch value {
        case .map(let pairs):
            return .map(pairs.map { CBORPair(key: $0.key, value: numbered($0.value)) })
        case .array(let items): return .array(items.map(numbered))
        case .tagged(37, .bytes(let bytes)):
            if let same = known[value] { return same }
            // The moment in front is the clock's, which is set; what is random is counted instead.
            madeUp += 1
            let random: [UInt8] = [0x70, 0, 0x80, 0, 0, 0, 0, 0, UInt8(madeUp >> 8 & 0xff)]
            let counted = CBORValue.tagged(
                37, .bytes(bytes.prefix(6) + random + [UInt8(madeUp & 0xff)]))
            known[value] = counted
            return counted
        default: return value
        }
    }
}

/// Lets calls pass, and tells the recorder of those that succeed.
struct RecordingTransport: Transport {
    let base: any Transport
    let recorder: CallRecorder
    /// As ``RecordedCall/by`` names it.
    let caller: String

    func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        let reply = try await base.unary(call)
        try Self.recording { () throws(CBORError) in
            try recorder.add(reply.message, to: try recorder.begin(call, by: caller))
        }
        return reply
    }

    func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        let messages = try await base.stream(call)
        let index = try Self.recording { () throws(CBORError) in
            try recorder.begin(call, by: caller)
        }
        return MessageStream { () throws(RPCFailure) in
            // Each is fetched by an iterator of its own: they share the stream's place.
            var iterator = messages.makeAsyncIterator()
            guard let message = try await iterator.next() else { return nil }
            try Self.recording { () throws(CBORError) in try recorder.add(message, to: index) }
            return message
        }
    }

    private static func recording<Value>(
        _ body: () throws(CBORError) -> Value
    ) throws(RPCFailure) -> Value {
        do {
            return try body()
        } catch {
            throw RPCFailure(.internal, "a message is not CBOR: \(error)")
        }
    }
}
