import Shared
import Synchronization

/// What one run of the command was shown of people, and so what its print must say of itself.
///
/// Every call of a context goes through it (``NotingTransport``), and whatever is printed asks it
/// for the notice. So no command can forget it, and none has a line of its own for it.
final class Errand: Sendable {
    /// That of this run; a test has its own.
    @TaskLocal static var current = Errand()

    private struct Shown: Sendable {
        var by: [Identity] = []
        var sections: Set<Section> = []
        /// Nil stands for reads whose purpose nobody said.
        var purposes: Set<PurposeOfUse?> = []
    }

    /// Its id is the number of the document: the services keep it with each read, and
    /// `pulih access-log` shows it.
    private let trace = TraceContext.begin(isRecorded: false)
    private let shown = Mutex(Shown())

    var document: String { trace.traceID }

    /// The same trace for calls that the services' logs are to have too.
    var followed: TraceContext {
        TraceContext(
            traceHigh: trace.traceHigh, traceLow: trace.traceLow, span: trace.span, flags: 1)
    }

    /// A call as it is sent: one that shows people belongs to the trace.
    func marked(_ call: OutboundCall) -> OutboundCall {
        guard Self.section(of: call.method).isPersonal else { return call }
        var call = call
        call.trace = call.trace ?? trace.next()
        return call
    }

    /// Notes that a call was answered.
    func note(_ call: OutboundCall, by identity: Identity?) {
        let section = Self.section(of: call.method)
        guard section.isPersonal else { return }
        shown.withLock { shown in
            shown.sections.insert(section)
            shown.purposes.insert(call.purpose)
            if let identity, !shown.by.contains(identity) { shown.by.append(identity) }
        }
    }

    /// What a print must say now; nil where nothing of anybody was shown.
    var notice: RedisclosureNotice? { notice(at: SystemClock.now()) }

    func notice(at now: Timestamp) -> RedisclosureNotice? {
        let shown = shown.withLock { $0 }
        guard !shown.sections.isEmpty else { return nil }
        return RedisclosureNotice(
            document: document, takenBy: shown.by, at: now, sections: shown.sections,
            purposes: shown.purposes)
    }

    /// That of a method which this program does not know is taken for the most sensitive.
    private static func section(of method: MethodName) -> Section {
        KnownMethods.all.first { $0.name == method }?.section ?? .counseling
    }
}

/// Carries the calls of an errand, and lets it know what was answered.
struct NotingTransport: Transport {
    let transport: any Transport
    let errand: Errand
    /// Who calls, as their certificate names them.
    let identity: Identity?

    func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        let reply = try await transport.unary(errand.marked(call))
        errand.note(call, by: identity)
        return reply
    }

    func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        let replies = try await transport.stream(errand.marked(call))
        errand.note(call, by: identity)
        return replies
    }
}
