internal import Synchronization
package import Vocabulary
package import Wire

/// Asks a service what it answers: its methods as they are declared, and its limits.
///
/// Every service answers it, to everyone with a valid certificate: it says nothing of people.
package struct DescribeService: RPCMethod {
    package static let name: MethodName = "rpc.reflect.describe"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    /// Only this one; all where absent.
    package let method: String?

    package init(method: String? = nil) { self.method = method }

    package struct Reply: Codable, Hashable, Sendable {
        package let service: ServiceName
        package let version: String
        package let limits: ServiceLimits
        /// In the order of their names.
        package let methods: [MethodDescription]

        package init(
            service: ServiceName, version: String, limits: ServiceLimits,
            methods: [MethodDescription]
        ) {
            self.service = service
            self.version = version
            self.limits = limits
            self.methods = methods
        }
    }
}

/// How much a service takes; beyond it, it refuses.
package struct ServiceLimits: Codable, Hashable, Sendable {
    /// Bytes of a frame's payload.
    package let frameBytes: Int
    /// Bytes of one message.
    package let messageBytes: Int
    /// Message bytes that may be sent on a call before the service grants more.
    package let windowBytes: Int
    /// Calls that may be open on one connection.
    package let callsPerConnection: Int
    /// Calls with one reply that run at once.
    package let running: Int
    package let runningPerCaller: Int
    /// Calls with one reply that wait for their turn.
    package let waiting: Int
    package let waitingPerCaller: Int
    /// Calls with any number of replies that are open at once.
    package let streams: Int
    package let streamsPerCaller: Int

    /// Puts together what the wire allows (`Shared/Wire`) and what the service admits.
    package init(wire: WireLimits = .standard, admission: Admission.Limits) {
        frameBytes = wire.frameBytes
        messageBytes = wire.messageBytes
        windowBytes = wire.window
        callsPerConnection = wire.streams
        running = admission.running
        runningPerCaller = admission.runningPerCaller
        waiting = admission.waiting
        waitingPerCaller = admission.waitingPerCaller
        streams = admission.streams
        streamsPerCaller = admission.streamsPerCaller
    }
}

/// One method, as its declaration says.
package struct MethodDescription: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// One reply.
        case unary
        /// Any number of replies.
        case stream
    }

    package let name: String
    package let kind: Kind
    /// Who may call among the staff; in the order of the roles' declaration.
    package let roles: [Role]
    /// Which services may call.
    package let services: [ServiceName]
    package let section: Section
    package let repeatability: Repeatability
    /// How long a caller waits who names no limit.
    package let timeoutMicroseconds: Int64
    /// Where its handler begins to run.
    package let thread: HandlerThread
    package let refusals: [RefusalDescription]
    package let request: Shape
    /// Of one reply.
    package let reply: Shape

    /// Reads a declaration.
    package init(of declaration: any RPCDeclaration.Type) { self = declaration.described }

    fileprivate init<Declaration: RPCDeclaration>(
        _ type: Declaration.Type, kind: Kind, refusals: [RefusalDescription], reply: Shape
    ) {
        name = type.name.text
        self.kind = kind
        roles = Role.allCases.filter(type.access.roles.contains)
        services = ServiceName.allCases.filter(type.access.services.contains)
        section = type.section
        repeatability = type.repeatability
        timeoutMicroseconds = type.timeout.microseconds
        thread = type.thread
        self.refusals = refusals
        request = Shape(of: type)
        self.reply = reply
    }
}

/// A rule of a method that can turn a well-formed call down.
package struct RefusalDescription: Codable, Hashable, Sendable {
    /// As a failure names it: stable.
    package let rule: String
    /// As in PROTOCOL.md, section 8.
    package let status: StatusCode
    /// What the rule is and what to do.
    package let explanation: String

    package init(_ refusal: some RPCRefusal) {
        rule = refusal.rawValue
        status = refusal.status
        explanation = refusal.explanation
    }
}

extension RPCDeclaration {
    fileprivate static var described: MethodDescription {
        if let method = self as? any RPCMethod.Type { return describe(method) }
        if let stream = self as? any RPCStream.Type { return describe(stream) }
        return MethodDescription(self, kind: .unary, refusals: [], reply: Shape(.unknown))
    }

    private static func describe<Method: RPCMethod>(_ type: Method.Type) -> MethodDescription {
        let hasRefusals = Method.Refusal.self != NoRefusal.self
        return MethodDescription(
            type, kind: .unary,
            refusals: hasRefusals ? Method.Refusal.allCases.map { RefusalDescription($0) } : [],
            reply: Shape(of: Method.Reply.self))
    }

    private static func describe<Stream: RPCStream>(_ type: Stream.Type) -> MethodDescription {
        MethodDescription(type, kind: .stream, refusals: [], reply: Shape(of: Stream.Element.self))
    }
}

// MARK: - Answering

/// The methods that every service answers besides its own.
package enum SharedMethods {
    package static let all: [any RPCDeclaration.Type] = [
        CheckHealth.self, DescribeService.self, ReadMetrics.self, ReadAccessLog.self,
        DepositHead.self, AskWitness.self, VerifyJournal.self,
        OpenEmergencyAccess.self, ReviewEmergencyAccess.self, ListEmergencyAccesses.self,
        ReviewBulkReading.self, ListBulkReadings.self, ListRefusedCertificates.self,
    ]
}

/// Answers ``DescribeService`` for one service.
///
/// The methods are looked at when somebody first asks, because most processes are never asked.
package final class Reflection: Sendable {
    private let service: ServiceName
    private let version: String
    private let limits: ServiceLimits
    private let declared: [any RPCDeclaration.Type]
    private let known = Mutex([MethodDescription]?.none)

    /// `declared`: every method of the service, this one too.
    package init(
        _ service: ServiceName, version: String, limits: ServiceLimits,
        declared: [any RPCDeclaration.Type]
    ) {
        self.service = service
        self.version = version
        self.limits = limits
        self.declared = declared
    }

    private var methods: [MethodDescription] {
        known.withLock { known in
            if let known { return known }
            let methods = declared.map(MethodDescription.init(of:)).sorted { $0.name < $1.name }
            known = methods
            return methods
        }
    }

    package var handler: Handler {
        .unary(DescribeService.self) { call, _ in try self.describe(call) }
    }

    private func describe(_ call: DescribeService) throws -> DescribeService.Reply {
        var methods = methods
        if let name = call.method {
            methods = methods.filter { $0.name == name }
            guard !methods.isEmpty else { throw NotFound(named: "method") }
        }
        return DescribeService.Reply(
            service: service, version: version, limits: limits, methods: methods)
    }
}
