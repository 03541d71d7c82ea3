import ArgumentParser
import Shared

/// `pulih audit`: whether the journals are what was written, and what they say of strangers.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Checks the journals of all services, and shows who was refused at the door.",
        subcommands: [Verify.self, Refused.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks each journal and its tables, and holds it against its witnesses.",
            discussion: """
                Each service recomputes the hash chain of its whole journal, and holds all rows of \
                its tables against their seal. The heads that the two \
                others hold as its witnesses are held against the hashes that the journal has at \
                those positions. Ends with 0 where all three journals and their tables are whole \
                and both witnesses of each agree, with 9 where one was altered or contradicts a witness, and with 3 \
                where something could not be learned.

                For the roles auditor, administrator, facility-head and board-head.
                """)

        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let context = try target.load()
            let start = ContinuousClock.now
            let trace = query.trace
            let held = await FanOut.ask(
                Self.questions("heads held") { try await $0.call(AskWitness()) },
                within: .seconds(target.timeout), trace: trace, connect: context.caller(of:))
            let positions = AuditReport.positions(of: held)
            let journals = await FanOut.ask(
                ServiceName.allCases.map { service in
                    FanOut.Question(service: service, subject: "journal") {
                        try await $0.call(VerifyJournal(positions: positions[service] ?? []))
                    }
                },
                within: .seconds(target.timeout) - start.duration(to: .now), trace: trace,
                connect: context.caller(of:))
            let report = AuditReport(journals: journals, held: held)
            // That a service does not answer is what was asked, so it is data too.
            let verdict = journals.verdict(
                requireComplete: query.requireComplete, isAnswerAnyway: true)
            if query.explain {
                Console.note(held.explanation(context).text)
                Console.note(journals.explanation(context).text)
            }
            if let trace { Console.note(CallExplanation.line(trace)) }
            for part in report.missing { Console.note(part.note) }
            for finding in report.findings { Console.note(finding) }
            if verdict.prints || report.verdict == .contradicted {
                try output.print(report, csv: report.table) { _ in report.table.text }
            }
            switch report.verdict {
            case .agreed: break
            case .incomplete: throw verdict.status ?? ExitStatus.partial
            case .contradicted: throw ExitStatus.badData
            }
        }

        private static func questions<Part: Sendable>(
            _ subject: String, _ ask: @escaping @Sendable (LegCaller) async throws -> Part
        ) -> [FanOut<Part>.Question] {
            ServiceName.allCases.map { .init(service: $0, subject: subject, ask: ask) }
        }
    }
}
