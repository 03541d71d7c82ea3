import ArgumentParser
import RegistryAPI
import Shared

/// `pulih access-log`: who saw one person's records, in all services at once.
struct AccessLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-log",
        abstract: "Shows who read or changed a participant's records, when and why.",
        discussion: """
            The table is in Indonesian, to be printed and handed to the person; -o json and -o csv \
            have the terms as the services keep them. A print or a file that was made of what \
            somebody read bears the number in the column document. Asking for it is itself in the \
            log.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib
    @Argument(help: "An id, the beginning or the end of one, or part of a name.")
    var participant: String

    func run() async throws {
        let context = try target.load()
        let id = try await target.find(participant, in: context, tracing: query.trace)
        let answers = await FanOut.ask(
            ServiceName.allCases.map { service in
                .init(service: service, subject: "access log") { caller in
                    try await Self.lines(of: id, from: service, caller)
                }
            }, within: .seconds(target.timeout), trace: query.trace, connect: context.caller(of:))
        let log = AccessLog(
            participant: id, lines: answers.parts.flatMap(\.self), missing: answers.missingParts)
        try answers.report(query, context) {
            try output.print(log, csv: log.csv) { log.text(width: $0, zone: zone) }
        }
    }

    private static func lines(
        of id: ParticipantID, from service: ServiceName, _ caller: LegCaller
    ) async throws -> [AccessLog.Line] {
        var lines: [AccessLog.Line] = []
        var after: Int64?
        repeat {
            let page = try await caller.call(
                ReadAccessLog(participant: id, after: after, limit: ReadAccessLog.limitMaximum))
            lines += page.lines.map { AccessLog.Line(service: service, entry: $0) }
            after = page.next
        } while after != nil
        return lines
    }
}

/// What the services keep of who saw one person's records, by time.
struct AccessLog: Encodable {
    struct Line: Encodable {
        let service: ServiceName
        let entry: AccessLine
    }

    let participant: ParticipantID
    let lines: [Line]
    let missing: [MissingPart]

    init(participant: ParticipantID, lines: [Line], missing: [MissingPart]) {
        self.participant = participant
        self.lines = lines.sorted {
            ($0.entry.at, $0.service.rawValue, $0.entry.position)
                < ($1.entry.at, $1.service.rawValue, $1.entry.position)
        }
        self.missing = missing
    }

    var csv: Table {
        Table(
            header: [
                "at", "service", "actor", "deed", "outcome", "section", "purpose", "rule",
                "document",
            ],
            rows: lines.map { line in
                let entry = line.entry
                return [
                    entry.at.description, line.service.rawValue, entry.actor, entry.deed,
                    entry.outcome.rawValue, entry.section?.rawValue ?? "",
                    entry.purpose?.rawValue ?? "", entry.rule ?? "", entry.document ?? "",
                ]
            })
    }
}
