internal import CBOR
internal import Crypto
internal import FoundationEssentials
internal import NIOCore
package import RPC
package import Storage
internal import Vocabulary

extension Store {
    /// Answers a keyed call: runs `body` in one transaction, once for each idempotency key.
    ///
    /// The key, the caller and the answer are kept with what `body` changed. A repeat gets the
    /// first answer; the same key with another request is refused.
    ///
    /// - Returns: the reply, after it is on the disk.
    func perform<M: RPCMethod>(
        _ call: M, _ context: CallContext, judge: (any FetchJudge)? = nil,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> M.Reply
    ) async throws -> M.Reply {
        guard let key = context.key else {
            throw InvalidInput("key", "\(M.name) changes records, so it needs an idempotency key")
        }
        let request = try CBOREncoder(deterministic: true).encode(call)
        let digest = Array(SHA256.hash(data: Data(request.readableBytesView)))
        let once = WriteKey(
            key: key, caller: context.identity.description, method: M.name.text, digest: digest)
        do {
            let committed = try await write(once: once, at: context.now, judge: judge) {
                transaction in
                Array(try CBOREncoder().encode(body(transaction)).readableBytesView)
            }
            context.notes.position(committed.position)
            return try CBORDecoder().decode(M.Reply.self, from: committed.value)
        } catch let error as StorageError {
            throw RPCFailure(error)
        }
    }

    /// Answers a call that changes nothing, from one consistent view.
    package func look<Value: Sendable>(
        _ context: CallContext, judge: (any FetchJudge)? = nil,
        _ body: @escaping @Sendable (borrowing Snapshot) throws -> Value
    ) async throws -> Value {
        context.notes.position(position)
        do {
            return try await read(judge: judge, body)
        } catch let error as StorageError {
            throw RPCFailure(error)
        }
    }
}

extension RPCFailure {
    /// How a failure of the store looks to a caller.
    init(_ error: StorageError) {
        self =
            switch error {
            case .overloaded, .diskFull:
                RPCFailure(
                    .resourceExhausted, error.description, outcome: .notProcessed, retry: .later)
            case .keyReused:
                RPCFailure(.invalidArgument, error.description, rule: "idempotency-key-reused")
            case .answerErased:
                RPCFailure(
                    .failedPrecondition, error.description, outcome: .processed,
                    rule: "answer-erased")
            case .held:
                RPCFailure(.failedPrecondition, error.description, rule: "legal-hold")
            case .tampered, .tablesUnsealed:
                RPCFailure(.dataLoss, error.description)
            case .constraint:
                RPCFailure(.alreadyExists, "the record contradicts one that is stored")
            case .closed:
                RPCFailure(
                    .unavailable, "the service is stopping", outcome: .notProcessed, retry: .later)
            default:
                RPCFailure(
                    .internal, "the store failed; the service's log has the reason",
                    outcome: .unknown)
            }
    }
}
