import ArgumentParser
import Shared

extension RPCCommand {
    /// `pulih rpc list`: what the services answer, as they say themselves.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the methods of all services, or of one, and what each takes.")

        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Only of this service.") var service: ServiceName?

        func run() async throws {
            let context = try target.load()
            let questions = (service.map { [$0] } ?? ServiceName.allCases).map { service in
                FanOut.Question(service: service, subject: "methods") {
                    try await $0.call(DescribeService())
                }
            }
            let answers = await FanOut.ask(
                questions, within: .seconds(target.timeout), trace: query.trace,
                connect: context.caller(of:))
            let report = MethodsReport(answers)
            try answers.report(query, context) {
                try output.print(report, csv: report.methods) { width in
                    report.methods.text(width: width, flexible: [report.callersColumn]) + "\n\n"
                        + report.limits.text(width: width)
                }
            }
        }
    }

    /// `pulih rpc describe`: one method with the shapes of its request and reply.
    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows one method as its service declares it.")

        @OptionGroup var target: TargetOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Which service to ask, for a method that every service answers.")
        var service: ServiceName?
        @Argument(
            help: "The method's name, such as registry.facility.list.",
            completion: .custom { _, _, _ in KnownMethods.names })
        var method: String

        func run() async throws {
            // The service may have methods that this program has not.
            let service = try KnownMethods.service(of: method, chosen: service)
            let caller = try target.load().caller(of: service)
            do throws(CallError<NoRefusal>) {
                let reply = try await caller.call(
                    DescribeService(method: method),
                    options: CallOptions(timeout: .seconds(target.timeout)))
                for method in reply.methods { try print(method) }
            } catch {
                throw GatewayProblem(error.failure)
            }
        }

        private func print(_ method: MethodDescription) throws(CallError<NoRefusal>) {
            let text = MethodText(method)
            do {
                try output.print(method, csv: text.fields) { _ in text.text }
            } catch {
                throw .failed(RPCFailure(error))
            }
        }
    }
}

/// What all services answer, without the shapes.
struct MethodsReport: Encodable {
    struct Service: Encodable {
        let service: String
        let version: String
        let limits: ServiceLimits
        let methods: [Method]
    }

    struct Method: Encodable {
        let method: String
        let kind: MethodDescription.Kind
        let roles: [Role]
        let services: [ServiceName]
        let section: Section
        let repeatability: Repeatability
        let timeoutMicroseconds: Int64
        let thread: HandlerThread
        /// The rules that can refuse it.
        let refusals: [String]

        init(_ method: MethodDescription) {
            self.method = method.name
            kind = method.kind
            roles = method.roles
            services = method.services
            section = method.section
            repeatability = method.repeatability
            timeoutMicroseconds = method.timeoutMicroseconds
            thread = method.thread
            refusals = method.refusals.map(\.rule)
        }
    }

    let services: [Service]
    let missing: [MissingPart]

    init(_ answers: FanOut<DescribeService.Reply>) {
        services = answers.parts.map { reply in
            Service(
                service: reply.service.rawValue, version: reply.version, limits: reply.limits,
                methods: reply.methods.map(Method.init))
        }
        missing = answers.missingParts
    }

    /// The column of ``methods`` that gives way where a line is too long.
    let callersColumn = 5

    private enum CodingKeys: CodingKey {
        case services
        case missing
    }

    var methods: Table {
        Table(
            header: ["service", "method", "kind", "repeated", "section", "callers", "timeout"],
            rows: services.flatMap { service in
                service.methods.map { method in
                    [
                        service.service, method.method, method.kind.rawValue,
                        method.repeatability.rawValue, method.section.rawValue,
                        MethodText.callers(method.roles, method.services),
                        MethodText.seconds(method.timeoutMicroseconds),
                    ]
                }
            })
    }

    /// How much each service takes; of calls, those of one caller after the slash.
    var limits: Table {
        Table(
            header: [
                "service", "version", "frame", "message", "window", "connection", "running",
                "waiting", "streams",
            ],
            rows: services.map { service in
                let limits = service.limits
                return [
                    service.service, service.version, "\(limits.frameBytes) B",
                    "\(limits.messageBytes) B", "\(limits.windowBytes) B",
                    "\(limits.callsPerConnection) calls",
                    "\(limits.running)/\(limits.runningPerCaller)",
                    "\(limits.waiting)/\(limits.waitingPerCaller)",
                    "\(limits.streams)/\(limits.streamsPerCaller)",
                ]
            })
    }
}
