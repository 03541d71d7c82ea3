import ArgumentParser
import RegistryAPI
import Shared

/// `pulih emergency`: reading in an emergency, whatever the person agreed to, and its review.
struct EmergencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergency",
        abstract: "Leave to read one person's records in an emergency, and its review.",
        subcommands: [Open.self, Review.self, List.self])

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes leave to read one person's records for an hour.",
            discussion: """
                Each service that answers takes note, and your supervisor is told. Read with \
                --purpose ETREAT then. Somebody else reviews whether it was justified.
                """)
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "medical, self-harm or harm-to-others.")
        var category: EmergencyAccess.Category
        @Option(help: "Why nobody can wait, in at least 20 characters; no findings.")
        var reason: String
        @Argument(help: "An id, the beginning or the end of one, or part of a name.")
        var participant: String

        func run() async throws {
            let context = try target.load()
            let participant = try await target.find(
                participant, in: context, tracing: query.trace)
            let call = OpenEmergencyAccess(
                id: .random(at: SystemClock.now()), participant: participant, category: category,
                reason: reason)
            try await ReviewedEvents.ask(
                target, query, output, context, flexible: Report.flexible
            ) {
                [try await $0.call(call)]
            } document: {
                Report.document($0)
            }
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says whether an emergency access was justified; once, and not one's own.")
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var verdict: ReviewOptions
        @Argument(help: "The id, as `pulih emergency list` shows it.") var id: String

        func run() async throws {
            let call = ReviewEmergencyAccess(
                id: try .read(id, listedBy: EmergencyAccess.command),
                justified: verdict.justified, remark: verdict.remark)
            try await ReviewedEvents.review(
                call, target, query, output, flexible: Report.flexible
            ) { Report.document($0) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the emergency accesses that wait for a review.")
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Those that are reviewed too.") var all = false

        func run() async throws {
            let call = ListEmergencyAccesses(includingReviewed: all)
            try await ReviewedEvents.ask(
                target, query, output, try target.load(), flexible: Report.flexible
            ) {
                try await $0.call(call).accesses
            } document: {
                Report.document($0)
            }
        }
    }

    /// What one service has of one access.
    struct Line: Encodable {
        let service: ServiceName
        let access: EmergencyAccess
    }

    struct Report: Encodable {
        static let flexible: Set<Int> = [3, 5, 6]

        let accesses: [Line]
        let missing: [MissingPart]

        static func document(
            _ events: ReviewedEvents<EmergencyAccess>
        ) -> (report: Report, table: Table) {
            let report = Report(
                accesses: events.lines.map { Line(service: $0.service, access: $0.event) },
                missing: events.missing)
            return (report, report.table)
        }

        private var table: Table {
            Table(
                header: ["service", "id", "participant", "by", "category", "reason", "review"],
                rows: accesses.map { line in
                    let access = line.access
                    return [
                        line.service.rawValue, access.id.description,
                        access.participant.description, access.by, access.category.rawValue,
                        access.reason, access.review?.cell ?? "waits",
                    ]
                })
        }
    }
}

extension EmergencyAccess.Category: ExpressibleByArgument {}
