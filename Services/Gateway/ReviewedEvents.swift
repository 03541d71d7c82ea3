import ArgumentParser
import Shared

/// What the services have of the events that somebody must look at: emergency accesses, bulk
/// readings.
struct ReviewedEvents<Event: ReviewedEvent> {
    /// One event, and the service that has it.
    struct Line {
        let service: ServiceName
        let event: Event
    }

    let lines: [Line]
    let missing: [MissingPart]

    /// Asks every service, and prints what they answer.
    ///
    /// `flexible`: the columns that are broken where the terminal is narrow.
    /// `document`: what is printed as JSON, and as a table.
    static func ask<Report: Encodable>(
        _ target: TargetOptions, _ query: QueryOptions, _ output: OutputOptions,
        _ context: GatewayContext, flexible: Set<Int>,
        _ call: @escaping @Sendable (LegCaller) async throws -> [Event],
        document: (Self) throws -> (report: Report, table: Table)
    ) async throws {
        let answers = await FanOut.ask(
            ServiceName.allCases.map { service in
                .init(service: service, subject: Event.words.one) { caller in
                    try await call(caller).map { Line(service: service, event: $0) }
                }
            }, within: .seconds(target.timeout), trace: query.trace, connect: context.caller(of:))
        let (report, table) = try document(
            Self(lines: answers.parts.flatMap(\.self), missing: answers.missingParts))
        try answers.report(query, context) {
            try output.print(report, csv: table) { table.text(width: $0, flexible: flexible) }
        }
    }

    /// Reviews an event where it is kept, and prints it.
    static func review<Call: ReviewCall, Report: Encodable>(
        _ call: Call, _ target: TargetOptions, _ query: QueryOptions, _ output: OutputOptions,
        flexible: Set<Int>, document: (Self) -> (report: Report, table: Table)
    ) async throws where Call.Reply == Event {
        try await ask(target, query, output, try target.load(), flexible: flexible) { caller in
            do throws(RPCFailure) {
                return [try await caller.call(call)]
            } catch {
                // It happened where a service answered, which may not have been all.
                if error.code == .notFound { return [] }
                throw error
            }
        } document: { events in
            if events.lines.isEmpty, events.missing.isEmpty {
                throw GatewayProblem(
                    "no service has one with the id \(call.id); see `\(Event.command)`", .notFound)
            }
            return document(events)
        }
    }
}

/// What the reviewer of an event says of it.
struct ReviewOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Whether it was justified.") var justified: Bool
    @Option(help: "What you found.") var remark: String
}

extension Review {
    /// In one cell of a table.
    var cell: String { "\(justified ? "justified" : "not justified"): \(remark)" }
}

extension Identifier {
    /// Reads an id of the command line.
    ///
    /// `command`: shows those there are.
    static func read(_ text: String, listedBy command: String) throws -> Self {
        guard let id = Self(text: text) else {
            throw GatewayProblem("\(text) is not an id; see `\(command)`")
        }
        return id
    }
}
