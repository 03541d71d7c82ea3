internal import CBOR
internal import NIOCore

/// A fact about a failure, for a program that knows its type.
package struct FailureDetail: Codable, Hashable, Sendable {
    /// `kebab-case`, stable; a reader skips those it does not know.
    package let type: String
    /// The fact, encoded as CBOR.
    package let value: [UInt8]

    private enum CodingKeys: Int, CodingKey {
        case type = 1
        case value = 2
    }

    package init<Fact: FailureFact>(_ fact: Fact) {
        type = Fact.type
        value = (try? CBOREncoder().encode(fact)).map { Array($0.readableBytesView) } ?? []
    }
}

/// What a detail of a failure can say.
package protocol FailureFact: Codable, Hashable, Sendable {
    /// How the detail is named on the wire.
    static var type: String { get }
}

extension RPCFailure {
    /// The detail of a type; nil where the failure has none.
    package func fact<Fact: FailureFact>(_ type: Fact.Type) -> Fact? {
        details?.first { $0.type == Fact.type }.flatMap {
            try? CBORDecoder().decode(Fact.self, from: $0.value)
        }
    }
}

/// A bound that a call ran into: which one, where it lies, and what would have been beyond.
package struct LimitReached: FailureFact {
    package static let type = "limit-reached"

    package let what: String
    package let limit: Int
    package let value: Int

    private enum CodingKeys: Int, CodingKey {
        case what = 1
        case limit = 2
        case value = 3
    }

    package init(_ what: String, limit: Int, value: Int) {
        self.what = what
        self.limit = limit
        self.value = value
    }
}

extension RPCFailure {
    /// A call that ran into a bound.
    ///
    /// `advice`: what to do, in words; by default to come back later.
    package init(
        _ reached: LimitReached, code: StatusCode = .resourceExhausted,
        outcome: Outcome = .notProcessed, retry: RetryAdvice,
        advice: String = "try again later"
    ) {
        self.init(
            code, "\(reached.what): \(reached.value), the limit is \(reached.limit); \(advice)",
            outcome: outcome, retry: retry)
        details = [FailureDetail(reached)]
    }
}
