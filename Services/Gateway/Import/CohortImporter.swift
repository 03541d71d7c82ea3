import EvaluationAPI
import RegistryAPI
import Shared

/// What became of rows in one service.
struct ImportTally: Encodable, Equatable {
    let service: ServiceName
    var created = 0
    /// Rows that were there already, just so.
    var unchanged = 0
    /// Rows that are there with other content; that stays.
    var conflict = 0
}

/// A row that a service has with other content.
struct ImportConflict: CustomStringConvertible {
    let line: Int
    let service: ServiceName
    let fields: [String]

    var description: String {
        "line \(line): \(service.rawValue) has this key with other content: "
            + fields.joined(separator: ", ")
    }
}

/// Sends rows to the registry, and those that it took to the evaluation.
///
/// A row names its records by itself, so a run that breaks off is completed by another. Each call
/// has a fresh idempotency key: a service compares what a repeat brings with what it has, and
/// answers what is so now, where the first answer would say `created` again.
struct CohortImporter {
    let registry: Caller
    let evaluation: Caller
    let timeout: Duration
    private var progress: Progress
    /// The evaluation takes rows of people of whom the registry's feed has told it.
    private var seen: [ServiceName: Int64] = [:]
    private(set) var tallies = [
        ImportTally(service: .registry), ImportTally(service: .evaluation),
    ]
    private(set) var conflicts: [ImportConflict] = []

    static let batchMax = ImportCohortOutcomes.rowsMax

    init(registry: Caller, evaluation: Caller, timeout: Duration, rows: Int) {
        self.registry = registry
        self.evaluation = evaluation
        self.timeout = timeout
        progress = Progress(label: "importing", total: rows * 2)
    }

    /// Imports all rows, or throws at the first call that fails; what was answered is stored.
    mutating func run(_ rows: [PlannedRow]) async throws {
        defer { progress.finish() }
        var taken: [PlannedRow] = []
        let byFacility = Dictionary(grouping: rows, by: \.facilityCode)
        for (facility, rows) in byFacility.sorted(by: { $0.key < $1.key }) {
            for batch in rows.batches(of: Self.batchMax) {
                taken += try await register(batch, at: facility)
                progress.advance(by: batch.count)
            }
        }
        for batch in taken.batches(of: Self.batchMax) {
            try await enter(batch)
            progress.advance(by: batch.count)
        }
    }

    /// The rows that the registry has as the file has them.
    private mutating func register(
        _ batch: [PlannedRow], at facility: String
    ) async throws -> [PlannedRow] {
        let reply: ImportCohort.Reply
        do {
            let answer = try await registry.answer(
                ImportCohort(facilityCode: facility, rows: batch.map(\.importRow)),
                options: CallOptions(timeout: timeout))
            reply = answer.reply
            if let position = answer.notes.position { seen[.registry] = position }
        } catch {
            throw Self.problem(error.failure, in: batch, of: .registry)
        }
        try Self.check(reply.rows.count, batch, .registry)
        var taken: [PlannedRow] = []
        for (row, result) in zip(batch, reply.rows) {
            switch result.result {
            case .created: tallies[0].created += 1
            case .unchanged: tallies[0].unchanged += 1
            case .conflict:
                tallies[0].conflict += 1
                conflicts.append(
                    ImportConflict(
                        line: row.row.line, service: .registry, fields: result.differing ?? []))
                continue
            }
            taken.append(row)
        }
        return taken
    }

    private mutating func enter(_ batch: [PlannedRow]) async throws {
        let reply: ImportCohortOutcomes.Reply
        do {
            reply = try await evaluation.call(
                ImportCohortOutcomes(rows: batch.map(\.entry)),
                options: CallOptions(timeout: timeout, seen: seen))
        } catch {
            throw Self.problem(error.failure, in: batch, of: .evaluation)
        }
        try Self.check(reply.rows.count, batch, .evaluation)
        for (row, result) in zip(batch, reply.rows) {
            switch result.verdict {
            case .created: tallies[1].created += 1
            case .unchanged: tallies[1].unchanged += 1
            case .conflict:
                tallies[1].conflict += 1
                conflicts.append(
                    ImportConflict(
                        line: row.row.line, service: .evaluation,
                        fields: result.differing ?? []))
            }
        }
    }

    private static func check(
        _ answered: Int, _ batch: [PlannedRow], _ service: ServiceName
    ) throws {
        guard answered == batch.count else {
            throw GatewayProblem(
                "\(service.rawValue) answered for \(answered) of \(batch.count) rows",
                .protocolFailure)
        }
    }

    /// A failed call with the line of the row it is about, or the lines it carried.
    private static func problem(
        _ failure: RPCFailure, in batch: [PlannedRow], of service: ServiceName
    ) -> GatewayProblem {
        let index = failure.field.flatMap { field -> Int? in
            guard field.hasPrefix("rows["), let end = field.firstIndex(of: "]") else { return nil }
            return Int(field.dropFirst("rows[".count).prefix(upTo: end))
        }
        let lines = batch.map(\.row.line)
        let place =
            index.flatMap { lines.indices.contains($0) ? "line \(lines[$0])" : nil }
            ?? "lines \(lines.min() ?? 0) to \(lines.max() ?? 0)"
        let problem = GatewayProblem(failure)
        return GatewayProblem(
            "\(service.rawValue), \(place): \(problem.message)", problem.status)
    }
}

extension Array {
    /// The elements in order, in arrays of at most `count`.
    fileprivate func batches(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(dropFirst($0).prefix(count)) }
    }
}
