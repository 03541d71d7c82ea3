internal import NIOCore
package import Vocabulary

/// Stands between every call and its handler.
///
/// Interceptors are asked in order before the request is read, and told in the opposite order how
/// it ended. The first that throws refuses the call: those after it are neither asked nor told.
/// ```swift
/// final class Curfew: Interceptor {
///     func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance {
///         guard isDaytime(call.context.now) else {
///             throw RPCFailure(.unavailable, "come back in the morning", outcome: .notProcessed)
///         }
///         return .now
///     }
/// }
/// ```
package protocol Interceptor: AnyObject, Sendable {
    /// Lets the call pass, makes it wait, or throws what its caller is told.
    func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance
    /// Learns how a call ended that this has admitted.
    func ended(_ call: ServerCall, _ end: CallEnd)
}

/// When a call may go on.
package enum Admittance: Sendable {
    case now
    /// When the wait ends, which may also throw what the caller is told.
    case after(@Sendable () async throws(RPCFailure) -> Void)
}

extension Interceptor {
    package func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance { .now }
    package func ended(_ call: ServerCall, _ end: CallEnd) {}
}

/// A call on its way to its handler.
package struct ServerCall: Sendable {
    package let declaration: any RPCDeclaration.Type
    /// The method's number among those of its router, for tables.
    package let index: Int
    /// Whether it has any number of replies, and may last.
    package let isStream: Bool
    package let context: CallContext
    let handler: Handler
    let message: ByteBuffer

    /// Whom the request names, where it can be read; for a note of a call that was refused.
    package var namedPeople: [ParticipantID] { handler.named(message) }

    package var identity: Identity { context.identity }
}

/// How a call ended.
package struct CallEnd: Sendable {
    /// Nil where it ended well.
    package let failure: RPCFailure?
    /// Nanoseconds from its arrival.
    package let nanoseconds: Int64
}

/// Refuses whoever is not named in the method's declaration.
package final class AccessGate: Interceptor {
    package init() {}

    package func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance {
        guard call.declaration.access.allows(call.identity) else {
            throw RPCFailure(
                .permissionDenied, "your role may not call \(call.declaration.name)",
                outcome: .notProcessed)
        }
        return .now
    }
}
