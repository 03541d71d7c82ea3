import ArgumentParser
import Shared

/// `pulih health`: all three services at once.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Asks all services whether they are ready.")

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var output: OutputOptions

    /// Each service's state, and the services that did not say.
    struct Report: Encodable {
        struct Line: Encodable {
            let service: String
            let state: String
            let position: Int64?
            let follows: String
            /// The day on which its certificate ends, or what must be done about it.
            let certificate: String
            let notices: [HealthNotice]

            init(of reply: CheckHealth.Reply) {
                service = reply.service.rawValue
                notices = reply.notices ?? []
                let word = reply.ready ? "ready" : "not ready"
                state = notices.isEmpty ? word : word + " (degraded)"
                position = reply.position
                follows = reply.feeds.map { "\($0.of.rawValue) to \($0.position)" }
                    .joined(separator: ", ")
                certificate = reply.certificate.map(Self.text) ?? ""
            }

            init(_ service: ServiceName, without failure: RPCFailure) {
                self.service = service.rawValue
                state = failure.message
                position = nil
                follows = ""
                certificate = ""
                notices = []
            }

            private static func text(_ certificate: CertificateState) -> String {
                certificate.warning ?? "until \(certificate.validUntil.description.prefix(10))"
            }
        }

        let services: [Line]
        let missing: [MissingPart]

        init(_ answers: FanOut<CheckHealth.Reply>) {
            services = answers.legs.map { leg in
                switch leg.result {
                case .success(let reply): Line(of: reply)
                case .failure(let failure): Line(leg.service, without: failure)
                }
            }
            missing = answers.missingParts
        }

        var table: Table {
            Table(
                header: ["service", "state", "position", "follows", "certificate"],
                rows: services.map {
                    [
                        $0.service, $0.state, $0.position.map(String.init) ?? "", $0.follows,
                        $0.certificate,
                    ]
                })
        }

        /// The table, and below it what a person should know.
        var text: String {
            let notices = services.flatMap { line in
                line.notices.map {
                    "\(line.service): \(Console.safe($0.text)) [\($0.kind.rawValue)]"
                }
            }
            return ([table.text] + notices).joined(separator: "\n")
        }
    }

    func run() async throws { try await Self.ask(target, query, output) }

    static func ask(
        _ target: TargetOptions, _ query: QueryOptions, _ output: OutputOptions
    ) async throws {
        let context = try target.load()
        let questions = ServiceName.allCases.map { service in
            FanOut.Question(service: service, subject: "health") {
                try await $0.call(CheckHealth())
            }
        }
        let answers = await FanOut.ask(
            questions, within: .seconds(target.timeout), trace: query.trace,
            connect: context.caller(of:))
        let report = Report(answers)
        // That a service does not answer is what was asked, so it is data too.
        try answers.report(query, context, isAnswerAnyway: true) {
            try output.print(report, csv: report.table) { _ in report.text }
        }
    }
}
