package import Vocabulary

/// gRPC's status names, with its numbers.
package enum StatusCode: UInt8, Codable, Hashable, Sendable, CaseIterable {
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16
}

extension StatusCode {
    /// Whether a call that fails like this has had an effect, where the failure does not say.
    package var usualOutcome: Outcome {
        switch self {
        case .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
            .aborted, .outOfRange:
            .processed
        case .resourceExhausted, .unimplemented, .unavailable, .unauthenticated: .notProcessed
        case .cancelled, .unknown, .deadlineExceeded, .internal, .dataLoss: .unknown
        }
    }

    /// What a caller may do, where the failure does not say.
    package var usualRetry: RetryAdvice {
        switch self {
        case .resourceExhausted, .unavailable: .later
        default: .never
        }
    }
}

/// Whether a failed call had an effect.
package enum Outcome: UInt8, Codable, Hashable, Sendable {
    /// It was judged, and turned down: nothing changed.
    case processed = 1
    /// It never reached a handler: nothing changed.
    case notProcessed = 2
    /// Nobody here can tell.
    case unknown = 3
}

/// What a caller may do after a failure.
package enum RetryAdvice: UInt8, Codable, Hashable, Sendable {
    /// The same call would fail again.
    case never = 1
    /// The same call may succeed later.
    case later = 2
}

/// Why a call failed: the one form in which errors cross between processes.
///
/// It carries nothing internal: no text of a statement, no path, no value of a record. Private
/// detail goes to the log of the service that failed, under the same call identifier.
package struct RPCFailure: Error, Codable, Hashable, Sendable {
    package var code: StatusCode
    /// For the person who asked: what was wrong and what to do.
    package var message: String
    package var outcome: Outcome
    package var retry: RetryAdvice
    /// How long to wait first, where the server knows.
    package var retryAfterMilliseconds: Int?
    /// The rule that refused: the raw value of an ``RPCRefusal``.
    package var rule: String?
    /// The field that is wrong, as a path into the request.
    package var field: String?
    /// The methods the failure passed through, the one that failed first.
    package var origin: [String]?
    /// Finds the call in the logs.
    package var call: String?
    /// Facts for a program, each with the name of its type.
    package var details: [FailureDetail]?

    private enum CodingKeys: Int, CodingKey {
        case code = 1
        case message = 2
        case outcome = 3
        case retry = 4
        case retryAfterMilliseconds = 5
        case rule = 6
        case field = 7
        case origin = 8
        case call = 9
        case details = 10
    }

    /// Makes a failure; outcome and advice are what the status usually means where they are nil.
    package init(
        _ code: StatusCode, _ message: String, outcome: Outcome? = nil,
        retry: RetryAdvice? = nil, rule: String? = nil, field: String? = nil
    ) {
        self.code = code
        self.message = message
        self.outcome = outcome ?? code.usualOutcome
        self.retry = retry ?? code.usualRetry
        self.rule = rule
        self.field = field
    }

    /// Reads a failure of this or a later version: what is not known here is taken as the worst.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        code = StatusCode(rawValue: try fields.decode(UInt8.self, forKey: .code)) ?? .unknown
        message = try fields.decode(String.self, forKey: .message)
        outcome = Outcome(rawValue: try fields.decode(UInt8.self, forKey: .outcome)) ?? .unknown
        retry = RetryAdvice(rawValue: try fields.decode(UInt8.self, forKey: .retry)) ?? .never
        retryAfterMilliseconds = try fields.decodeIfPresent(
            Int.self, forKey: .retryAfterMilliseconds)
        rule = try fields.decodeIfPresent(String.self, forKey: .rule)
        field = try fields.decodeIfPresent(String.self, forKey: .field)
        origin = try fields.decodeIfPresent([String].self, forKey: .origin)
        call = try fields.decodeIfPresent(String.self, forKey: .call)
        details = try fields.decodeIfPresent([FailureDetail].self, forKey: .details)
    }
}

/// How a call ends that nobody has turned down, by whoever notices first.
extension RPCFailure {
    package static let callCancelled = RPCFailure(
        .cancelled, "the call was cancelled", outcome: .unknown)
    /// No handler saw it.
    package static let deadlinePassedUnbegun = RPCFailure(
        .deadlineExceeded, "the deadline passed before the call began", outcome: .notProcessed)
    /// What a service says.
    package static let deadlinePassed = RPCFailure(
        .deadlineExceeded, "the deadline passed before the answer was ready", outcome: .unknown)
    /// What a caller says by its own clock.
    package static let deadlinePassedUnanswered = RPCFailure(
        .deadlineExceeded, "the deadline passed before the answer came", outcome: .unknown)
}

extension RPCFailure: CustomStringConvertible {
    package var description: String { message }
}

/// An error that knows how it looks to a caller.
package protocol RPCFailureConvertible: Error {
    var failure: RPCFailure { get }
}

/// A field of a request that cannot be accepted.
package struct InvalidInput: RPCFailureConvertible, Hashable {
    package let field: String
    package let problem: String

    /// - Parameters:
    ///   - field: the path into the request, such as `birthDate`.
    ///   - problem: what is wrong and what would be right, without the value itself.
    package init(_ field: String, _ problem: String) {
        self.field = field
        self.problem = problem
    }

    package var failure: RPCFailure {
        RPCFailure(.invalidArgument, "\(field): \(problem)", field: field)
    }
}

/// A record that a request names and that is not there.
package struct NotFound: RPCFailureConvertible, Hashable {
    package let noun: String
    /// Nil where it was looked for by what somebody wrote, which is not repeated.
    package let id: String?

    package init<Kind>(_ noun: String, _ id: Identifier<Kind>) {
        self.noun = noun
        self.id = id.description
    }

    /// Of that name, or by that code.
    package init(named noun: String) {
        self.noun = noun
        id = nil
    }

    package var failure: RPCFailure {
        RPCFailure(.notFound, "there is no \(noun) \(id ?? "of that name") here")
    }
}

/// A refusal together with what, in this very case, stood against the call.
package struct Refused<Reason: RPCRefusal>: RPCFailureConvertible, Hashable {
    package let reason: Reason
    package let detail: String?

    package init(_ reason: Reason, _ detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }

    package var failure: RPCFailure {
        let message = detail.map { "\(reason.explanation) (\($0))" } ?? reason.explanation
        return RPCFailure(rule: reason, message)
    }
}

extension RPCFailure {
    /// How any error of a handler looks to the caller.
    ///
    /// What is not made for callers becomes `internal` with nothing of its own text.
    package init(_ error: any Error) {
        switch error {
        case let failure as RPCFailure: self = failure
        case let error as any RPCFailureConvertible: self = error.failure
        case let refusal as any RPCRefusal:
            self = Self(rule: refusal, refusal.explanation)
        case is CancellationError:
            self = .callCancelled
        default:
            self = Self(
                .internal, "the service failed; its log has the reason under this call's id",
                outcome: .unknown)
        }
    }

    /// A rule has judged: nothing changed, and it would judge the same again.
    fileprivate init<Reason: RPCRefusal>(rule refusal: Reason, _ message: String) {
        self.init(
            refusal.status, message, outcome: .processed, retry: .never, rule: refusal.rawValue)
    }
}

/// What a caller gets instead of a reply, with the method's own refusals told apart.
package enum CallError<Reason: RPCRefusal>: Error, Hashable, Sendable {
    case refused(Reason, RPCFailure)
    case failed(RPCFailure)

    package init(_ failure: RPCFailure) {
        if let rule = failure.rule, let reason = Reason(rawValue: rule) {
            self = .refused(reason, failure)
        } else {
            self = .failed(failure)
        }
    }

    package var failure: RPCFailure {
        switch self {
        case .refused(_, let failure), .failed(let failure): failure
        }
    }

    /// The refusal, where the call was refused by one of the method's own rules.
    package var reason: Reason? {
        if case .refused(let reason, _) = self { reason } else { nil }
    }
}

/// A handler that lets the failure of a call it made pass on says the same to its own caller.
extension CallError: RPCFailureConvertible {}

extension CallError: CustomStringConvertible {
    package var description: String { failure.message }
}
