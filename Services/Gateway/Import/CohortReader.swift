import EvaluationAPI
import Foundation
import RegistryAPI
import Shared

/// A file as it was read: who can be imported, and what is wrong with the others.
struct CheckedCohort {
    var rows: [CohortRow] = []
    /// In the order of the file.
    var errors: [RowError] = []
    /// How many rows the file has.
    let count: Int

    /// Reads every row of a table.
    ///
    /// Throws where the mapping does not fit the table. The services check again; checking here
    /// too finds every slip before anything is stored.
    init(_ table: CSVTable, mapping: CohortMapping, today: Day) throws {
        count = table.records.count
        let sources = try mapping.sources(in: table.header)
        var keys: [String: [CSVTable.Record]] = [:]
        for record in table.records {
            if let problem = record.problem {
                errors.append(
                    RowError(line: record.line, column: nil, field: nil, problem: problem))
                continue
            }
            var reader = RowReader(
                cells: CellReader(record, sources: sources, mapping: mapping), today: today)
            let row = reader.read()
            if let key = reader.key { keys[key, default: []].append(record) }
            errors += reader.cells.errors
            if let row { rows.append(row) }
        }
        refuseTwins(keys.values.filter { $0.count > 1 }, sources, mapping)
        errors.sort { $0.line < $1.line }
    }

    /// Which of two rows with one key is right cannot be told, so neither is taken.
    private mutating func refuseTwins(
        _ twins: [[CSVTable.Record]], _ sources: [ImportField: CohortMapping.Source],
        _ mapping: CohortMapping
    ) {
        for records in twins {
            for record in records {
                let others = records.map(\.line).filter { $0 != record.line }.prefix(5)
                let lines = others.map(String.init).joined(separator: ", ")
                var cells = CellReader(record, sources: sources, mapping: mapping)
                cells.report(.key, "is the key of line \(lines) too; a key names one row")
                errors += cells.errors
            }
        }
        let lines = Set(twins.joined().map(\.line))
        rows.removeAll { lines.contains($0.line) }
    }
}

/// Puts a row together from its cells, and checks that they agree with each other.
struct RowReader {
    var cells: CellReader
    let today: Day
    /// The row's key, where it has one, even if the rest is wrong.
    private(set) var key: String?

    /// The name of the cohort where nothing says it.
    static let usualCohort = "imported"

    init(cells: CellReader, today: Day) {
        self.cells = cells
        self.today = today
    }

    /// The row; nil where something is wrong.
    mutating func read() -> CohortRow? {
        readKey()
        let program = cells.text(.program, max: 40)
        if program == nil, cells.isEmpty(.program) {
            cells.report(.program, "is empty; every row needs its program's code")
        }
        let days = readDays()
        let event = readEvent(days)
        var row = CohortRow(
            line: cells.record.line, key: key ?? "", program: program ?? "",
            cohort: cells.text(.cohort, max: 40) ?? Self.usualCohort)
        row.name = cells.text(.name, max: 120)
        row.pseudonym = cells.text(.pseudonym, max: 40)
        row.nik = cells.nik()
        row.sex = cells.choice(.sex, Sex.self)
        row.birthDate = days[.birthDate]
        row.age = cells.wholeNumber(.age, 0...120)
        row.group = cells.text(.group, max: 40)
        row.admittedOn = days[.admittedOn]
        row.exitClass = cells.choice(.exitClass, ExitClass.self)
        row.exitedOn = days[.exitedOn]
        row.exitReason = cells.text(.exitReason, max: 2000)
        row.releasedOn = days[.releasedOn]
        row.followedUntil = days[.followedUntil]
        row.event = event
        row.baseline = readScores(
            .baselinePhysical, .baselinePsychological, .baselineSocial, .baselineEnvironment)
        row.exit = readScores(
            .exitPhysical, .exitPsychological, .exitSocial, .exitEnvironment)
        checkBirth(row)
        return cells.errors.isEmpty ? row : nil
    }

    private mutating func readKey() {
        // Two ways of writing one letter must not make two people.
        key = cells.text(.key, max: 120)?.precomposedStringWithCanonicalMapping
        guard let key else {
            if cells.isEmpty(.key) { cells.report(.key, "is empty; every row needs a key") }
            return
        }
        // Identifiers are derived from the key and are no secret: a NIK could be guessed back.
        if (try? NationalID(key)) != nil {
            cells.report(
                .key, "is a NIK; take another column, or --column key=# for the row's number")
        }
    }

    private mutating func readDays() -> [ImportField: Day] {
        let fields: [ImportField] = [
            .birthDate, .admittedOn, .exitedOn, .releasedOn, .followedUntil,
        ]
        var days: [ImportField: Day] = [:]
        for field in fields where cells.mapping.units[field] == nil {
            days[field] = cells.day(field)
        }
        for field in fields {
            if let unit = cells.mapping.units[field] {
                days[field] = cells.day(field, after: days[unit.after])
            }
        }
        for field in fields {
            if let day = days[field], day > today { cells.report(field, "lies in the future") }
        }
        let order: [(ImportField, ImportField)] = [
            (.admittedOn, .exitedOn), (.exitedOn, .releasedOn), (.releasedOn, .followedUntil),
        ]
        for (earlier, later) in order { checkOrder(days, earlier, later) }
        if days[.exitedOn] == nil { checkOrder(days, .admittedOn, .releasedOn) }
        return days
    }

    private mutating func checkOrder(
        _ days: [ImportField: Day], _ earlier: ImportField, _ later: ImportField
    ) {
        guard let one = days[earlier], let other = days[later], other < one else { return }
        cells.report(later, "is before \(earlier.rawValue)")
    }

    private mutating func readEvent(_ days: [ImportField: Day]) -> CohortEvent? {
        // A file may say until when somebody was watched where no event came.
        if cells.holds(.eventKind, "none") { return nil }
        let isKindEmpty = cells.isEmpty(.eventKind)
        let kind = cells.choice(.eventKind, OutcomeKind.self, more: ["none"])
        let day = cells.day(
            .eventOn, after: cells.mapping.units[.eventOn].flatMap { days[$0.after] })
        switch (kind, day) {
        case (let kind?, let day?):
            var all = days
            all[.eventOn] = day
            if day > today { cells.report(.eventOn, "lies in the future") }
            checkOrder(all, .releasedOn, .eventOn)
            if let end = days[.followedUntil], day > end {
                cells.report(.eventOn, "is after followedUntil")
            }
            return CohortEvent(kind: kind, day: day)
        case (.some, nil):
            if cells.isEmpty(.eventOn) {
                cells.report(.eventOn, "is empty, but there is an eventKind")
            }
        case (nil, .some) where isKindEmpty:
            cells.report(
                .eventKind, "is empty, but there is an eventOn; say what happened, or none")
        case (nil, _): break
        }
        return nil
    }

    private mutating func readScores(
        _ physical: ImportField, _ psychological: ImportField, _ social: ImportField,
        _ environment: ImportField
    ) -> DomainScores? {
        let scores = DomainScores(
            physical: cells.score(physical), psychological: cells.score(psychological),
            social: cells.score(social), environment: cells.score(environment))
        return scores == DomainScores() ? nil : scores
    }

    private mutating func checkBirth(_ row: CohortRow) {
        guard let birth = row.birthDate else { return }
        if row.age != nil {
            cells.report(.age, "is given beside a birth date; leave it out with --column age=")
        }
        let known = [row.admittedOn, row.exitedOn, row.releasedOn].compactMap { $0 }
        let first = known.min() ?? today
        if birth >= first || birth.age(on: first) > 120 {
            cells.report(.birthDate, "is not before the other days, or over 120 years before")
        }
    }
}
