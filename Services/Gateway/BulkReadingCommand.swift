import ArgumentParser
import Shared

/// `pulih bulk-reading`: who asked for the records of very many people, and its review.
struct BulkReadingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bulk-reading",
        abstract: "Who asked for the records of very many people, and its review.",
        subcommands: [List.self, Review.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the readings of very many people's records that wait for a review.",
            discussion: """
                Nobody is shown the clinical records or notes of more people within an hour than \
                the service's setting access.peopleHourly. Who was refused for that stands here, \
                once for each hour, until somebody else has reviewed it.

                For the roles program-manager, facility-head, board-head and auditor.
                """)
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Those that are reviewed too.") var all = false

        func run() async throws {
            let call = ListBulkReadings(includingReviewed: all)
            try await ReviewedEvents.ask(
                target, query, output, try target.load(), flexible: Report.flexible
            ) {
                try await $0.call(call).readings
            } document: {
                Report.document($0)
            }
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says whether there was a good reason; once, and not of one's own reading.",
            discussion: "For the roles program-manager, facility-head and board-head.")
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var verdict: ReviewOptions
        @Argument(help: "The id, as `pulih bulk-reading list` shows it.") var id: String

        func run() async throws {
            let call = ReviewBulkReading(
                id: try .read(id, listedBy: BulkReading.command), justified: verdict.justified,
                remark: verdict.remark)
            try await ReviewedEvents.review(
                call, target, query, output, flexible: Report.flexible
            ) { Report.document($0) }
        }
    }

    /// What one service has of one reading.
    struct Line: Encodable {
        let service: ServiceName
        let reading: BulkReading
    }

    struct Report: Encodable {
        static let flexible: Set<Int> = [2, 6, 7, 8]

        let readings: [Line]
        let missing: [MissingPart]

        static func document(
            _ events: ReviewedEvents<BulkReading>
        ) -> (report: Report, table: Table) {
            let report = Report(
                readings: events.lines.map { Line(service: $0.service, reading: $0.event) },
                missing: events.missing)
            return (report, report.table)
        }

        private var table: Table {
            Table(
                header: [
                    "service", "id", "by", "first", "last", "people", "sections", "purposes",
                    "review",
                ],
                rows: readings.map { line in
                    let reading = line.reading
                    return [
                        line.service.rawValue, reading.id.description, reading.by,
                        "\(reading.firstAt)", "\(reading.lastAt)",
                        "\(reading.people) and \(reading.further) more",
                        reading.sections.map(\.rawValue).joined(separator: ", "),
                        reading.purposes.map(\.rawValue).joined(separator: ", "),
                        reading.review?.cell ?? "waits",
                    ]
                })
        }
    }
}
