import ArgumentParser
import Foundation
import RegistryAPI
import Shared

/// `pulih import`: brings in what was recorded before Pulih.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Brings in what was recorded before Pulih.",
        subcommands: [Cohort.self])

    struct Cohort: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Imports an earlier cohort from a CSV file, one row a person.",
            discussion: """
                Every row is checked first. Where one has an error, all errors are listed and
                nothing is stored, unless --skip-invalid. An import that breaks off is completed by
                repeating it, and repeating a complete one changes nothing. The format and an
                example are in deploy/guide/import-cohort.md.
                """)

        @OptionGroup var target: TargetOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var reading: MappingOptions

        @Argument(help: "The CSV file in UTF-8; its first line names the columns.")
        var file: String

        @Option(help: "The facility's code; that of the program's agreement if not given.")
        var facility: String?

        @Flag(help: "Leaves rows with errors out and imports the others.")
        var skipInvalid = false

        @Flag(help: "Checks the file and stores nothing; asks no service.")
        var dryRun = false

        /// How many errors are listed.
        static let errorsMax = 50

        struct Summary: Encodable {
            let rows: Int
            let skipped: Int
            let services: [ImportTally]
        }

        func run() async throws {
            let mapping = try reading.mapping()
            let checked = try check(mapping)
            if dryRun {
                try refuse(checked.errors, of: checked.count)
                Console.note("\(checked.rows.count) of \(checked.count) rows can be imported")
                return
            }
            if !skipInvalid { try refuse(checked.errors, of: checked.count) }
            let context = try target.load()
            let registry = try context.caller(of: .registry)
            let (planned, errors) = try await programs(registry).plan(checked.rows)
            let all = checked.errors + errors
            if skipInvalid { list(all) } else { try refuse(all, of: checked.count) }
            guard !planned.isEmpty else {
                throw GatewayProblem("the file has no row to import", .badData)
            }
            var importer = CohortImporter(
                registry: registry, evaluation: try context.caller(of: .evaluation),
                timeout: .seconds(target.timeout), rows: planned.count)
            do {
                try await importer.run(planned)
            } catch {
                Console.note(Self.progress(importer.tallies, of: planned.count))
                throw error
            }
            try output.print(
                Summary(
                    rows: checked.count, skipped: checked.count - planned.count,
                    services: importer.tallies), notice: nil)
            guard importer.conflicts.isEmpty else {
                list(importer.conflicts)
                throw ExitStatus.conflict
            }
        }

        private func check(_ mapping: CohortMapping) throws -> CheckedCohort {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw GatewayProblem("\(Console.safe(file)) cannot be read")
            }
            let table = try CSVTable(Array(data), delimiter: mapping.delimiter)
            // The day begins in the east; the services check against the facility's own day.
            return try CheckedCohort(
                table, mapping: mapping, today: SystemClock.now().day(in: .wit))
        }

        private func programs(_ registry: Caller) async throws -> ProgramList {
            let options = CallOptions(timeout: .seconds(target.timeout))
            do {
                return ProgramList(
                    try await registry.call(ListPrograms(), options: options).programs,
                    try await registry.call(ListAgreements(), options: options).agreements,
                    facility: facility)
            } catch {
                throw GatewayProblem(error.failure)
            }
        }

        /// Lists the errors, and ends the command where there are any.
        private func refuse(_ errors: [RowError], of count: Int) throws {
            guard !errors.isEmpty else { return }
            list(errors)
            let rows = Set(errors.map(\.line)).count
            throw GatewayProblem(
                "\(rows) of \(count) rows have errors; nothing was stored. Correct them, or leave "
                    + "them out with --skip-invalid", .badData)
        }

        private func list(_ lines: [some CustomStringConvertible]) {
            for line in lines.prefix(Self.errorsMax) { Console.note(line.description) }
            let rest = lines.count - Self.errorsMax
            if rest > 0 { Console.note("… and \(rest) more") }
        }

        private static func progress(_ tallies: [ImportTally], of count: Int) -> String {
            let parts = tallies.map { tally in
                "\(tally.created + tally.unchanged + tally.conflict) of \(count) rows in "
                    + tally.service.rawValue
            }
            return "the import broke off after \(parts.joined(separator: ", ")); repeat the same "
                + "command to complete it"
        }
    }
}

/// How to read a file.
struct MappingOptions: ParsableArguments {
    @Option(
        name: .customLong("mapping"),
        help: "A JSON file that says how to read columns and words.")
    var file: String?

    @Option(help: "FIELD=COLUMN; COLUMN may be # for the row's number, or nothing. Repeatable.")
    var column: [String] = []

    @Option(name: .customLong("set"), help: "FIELD=VALUE for every row. Repeatable.")
    var constants: [String] = []

    @Option(help: "FIELD=weeks:DATE, days: or months: for a duration after a date. Repeatable.")
    var unit: [String] = []

    @Option(help: "FIELD:FROM=TO for what a word of the file stands for. Repeatable.")
    var code: [String] = []

    @Option(help: "How dates are written, such as dd/mm/yyyy; yyyy-mm-dd if not given.")
    var dateFormat: String?

    @Option(help: "What stands between cells: , or ; or | or tab.")
    var delimiter: String?

    func mapping() throws -> CohortMapping {
        try CohortMapping(
            file: try file.map(MappingFile.read),
            flags: MappingFlags(
                columns: column, constants: constants, units: unit, codes: code,
                dateFormat: dateFormat, delimiter: delimiter))
    }
}
