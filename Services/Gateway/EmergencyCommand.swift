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
            try await EmergencyCommand.ask(target, query, output, context) {
                [try await $0.call(call)]
            }
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says whether an emergency access was justified; once, and not one's own.")
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @Flag(inversion: .prefixedNo, help: "Whether it was.") var justified: Bool
        @Option(help: "What you found.") var remark: String
        @Argument(help: "The id, as `pulih emergency list` shows it.") var id: String

        func run() async throws {
            guard let id = EmergencyAccessID(text: id) else {
                throw GatewayProblem("\(id) is not an id; see `pulih emergency list`")
            }
            let call = ReviewEmergencyAccess(id: id, justified: justified, remark: remark)
            try await EmergencyCommand.ask(target, query, output, try target.load()) { caller in
                do throws(RPCFailure) {
                    return [try await caller.call(call)]
                } catch {
                    // It was taken where a service answered, which may not have been all.
                    if error.code == .notFound { return [] }
                    throw error
                }
            }
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
            try await EmergencyCommand.ask(target, query, output, try target.load()) {
                try await $0.call(call).accesses
            }
        }
    }

    /// What one service has of one access.
    struct Line: Encodable {
        let service: ServiceName
        let access: EmergencyAccess
    }

    struct Report: Encodable {
        let accesses: [Line]
        let missing: [MissingPart]

        var table: Table {
            Table(
                header: ["service", "id", "participant", "by", "category", "reason", "review"],
                rows: accesses.map { line in
                    let access = line.access
                    let review = access.review.map {
                        "\($0.justified ? "justified" : "not justified"): \($0.remark)"
                    }
                    return [
                        line.service.rawValue, access.id.description,
                        access.participant.description, access.by, access.category.rawValue,
                        access.reason, review ?? "waits",
                    ]
                })
        }
    }

    private static func ask(
        _ target: TargetOptions, _ query: QueryOptions, _ output: OutputOptions,
        _ context: GatewayContext,
        _ call: @escaping @Sendable (LegCaller) async throws -> [EmergencyAccess]
    ) async throws {
        let answers = await FanOut.ask(
            ServiceName.allCases.map { service in
                .init(service: service, subject: "emergency access") { caller in
                    try await call(caller).map { Line(service: service, access: $0) }
                }
            }, within: .seconds(target.timeout), trace: query.trace, connect: context.caller(of:))
        let report = Report(
            accesses: answers.parts.flatMap(\.self), missing: answers.missingParts)
        try answers.report(query, context) {
            try output.print(report, csv: report.table) {
                report.table.text(width: $0, flexible: [3, 5, 6])
            }
        }
    }
}

extension EmergencyAccess.Category: ExpressibleByArgument {}
