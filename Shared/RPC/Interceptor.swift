package import Vocabulary

/// Stands between every call and its handler.
///
/// Interceptors are asked in order before the request is read, and told in the opposite order how
/// it ended. The first that throws refuses the call: those after it are neither asked nor told.
/// ```swift
/// struct Curfew: Interceptor {
///     func admit(_ call: ServerCall) async throws(RPCFailure) {
///         guard isDaytime(call.context.now) else {
///             throw RPCFailure(.unavailable, "come back in the morning", outcome: .notProcessed)
///         }
///     }
/// }
/// ```
package protocol Interceptor: Sendable {
    /// Lets the call pass, makes it wait, or throws what its caller is told.
    func admit(_ call: ServerCall) async throws(RPCFailure)
    /// Learns how a call ended that this has admitted.
    func ended(_ call: ServerCall, _ end: CallEnd)
}

extension Interceptor {
    package func admit(_ call: ServerCall) async throws(RPCFailure) {}
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
    package let arrived: ContinuousClock.Instant

    package var identity: Identity { context.identity }
}

/// How a call ended.
package struct CallEnd: Sendable {
    /// Nil where it ended well.
    package let failure: RPCFailure?
    /// From its arrival.
    package let took: Duration
}

/// Refuses whoever is not named in the method's declaration.
package struct AccessGate: Interceptor {
    package init() {}

    package func admit(_ call: ServerCall) async throws(RPCFailure) {
        guard call.declaration.access.allows(call.identity) else {
            throw RPCFailure(
                .permissionDenied, "your role may not call \(call.declaration.name)",
                outcome: .notProcessed)
        }
    }
}
