package import Vocabulary

/// What a call is: declared once, on its request type, in the API of the service that answers it.
///
/// The caller, the server, the access gate, reflection and the command line all read this one
/// declaration. Conform to ``RPCMethod`` or ``RPCStream``, not to this.
package protocol RPCDeclaration: Codable, Sendable {
    /// `SERVICE.NOUN.VERB`, unique in the system.
    static var name: MethodName { get }
    /// Who may make the call.
    static var access: Access { get }
    /// How sensitive what it shows or changes is.
    static var section: Section { get }
    /// What repeating it does.
    static var repeatability: Repeatability { get }
    /// How long a caller waits who names no deadline.
    static var timeout: Duration { get }
    /// Where its handler begins to run.
    static var thread: HandlerThread { get }
}

extension RPCDeclaration {
    package static var timeout: Duration { .seconds(10) }
    package static var thread: HandlerThread { .pool }
}

/// Where a handler begins to run.
package enum HandlerThread: String, Codable, Hashable, Sendable, CaseIterable {
    /// On the threads that all tasks share: for handlers that read a store or compute.
    case pool
    /// On the thread of the connection, without a change of threads: for handlers that take a few
    /// microseconds and never block, since all calls of some connections wait meanwhile.
    case connection
}

/// A call with one request and one reply: the request type is the method.
package protocol RPCMethod: RPCDeclaration {
    associatedtype Reply: Codable & Sendable
    /// Why a well-formed call by somebody entitled to it can still be turned down.
    associatedtype Refusal: RPCRefusal = NoRefusal
}

/// A call with one request and any number of replies, sent as the caller consumes them.
package protocol RPCStream: RPCDeclaration {
    associatedtype Element: Codable & Sendable
}

/// A method's name on the wire: `SERVICE.NOUN.VERB`, at most 120 bytes of ASCII.
package struct MethodName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.init(text) }
    package var description: String { text }
}

/// What happens when the same call is made twice.
package enum Repeatability: String, Codable, Hashable, Sendable, CaseIterable {
    /// It changes nothing: repeat it at will.
    case readOnly = "read-only"
    /// Its second time changes nothing that its first did not.
    case idempotent
    /// It carries an idempotency key, so the second time gets the first answer.
    case keyed
}

/// A named reason for turning a call down.
///
/// The raw value travels and is stable: `kebab-case`, the name of the rule that refused.
package protocol RPCRefusal: Error, RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// What the rule is and what to do, for the person who asked.
    var explanation: String { get }
    /// `failedPrecondition` unless the rule is of another kind.
    var status: StatusCode { get }
}

extension RPCRefusal {
    package var status: StatusCode { .failedPrecondition }
}

/// The refusals of a method that has none.
package enum NoRefusal: String, RPCRefusal {
    /// Never thrown: it stands here because an enumeration with raw values needs a case.
    case none

    package var explanation: String { "" }
}
