import EvaluationAPI
import RegistryAPI
import Shared

/// One person of a cohort, as far as the file tells of them.
struct CohortRow: Equatable {
    /// The line of the file on which the row begins.
    let line: Int
    let key: String
    var name: String?
    var pseudonym: String?
    var nik: NationalID?
    var sex: Sex?
    var birthDate: Day?
    var age: Int?
    /// The program's code.
    let program: String
    let cohort: String
    var group: String?
    var admittedOn: Day?
    var exitClass: ExitClass?
    var exitedOn: Day?
    var exitReason: String?
    var releasedOn: Day?
    var followedUntil: Day?
    var event: CohortEvent?
    var baseline: DomainScores?
    var exit: DomainScores?
}

/// What is wrong with one cell, or with a row.
///
/// It never repeats the cell: a name or a number may have slipped into the wrong column.
struct RowError: Equatable, CustomStringConvertible {
    let line: Int
    /// The column's name; nil where the row as a whole is wrong.
    let column: String?
    let field: ImportField?
    /// What is wrong and what would be right.
    let problem: String

    var description: String {
        let place = [column.map { "column \(Console.safe($0))" }, field.map { "(\($0.rawValue))" }]
        let parts = ["line \(line)"] + [place.compactMap { $0 }.joined(separator: " ")]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ") + ": " + problem
    }
}
