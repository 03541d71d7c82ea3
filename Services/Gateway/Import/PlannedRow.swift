import EvaluationAPI
import RegistryAPI
import Shared

/// A row with what the services know it by.
struct PlannedRow {
    let row: CohortRow
    let program: Program
    let facilityCode: String
    let participant: ParticipantID
    let enrollment: EnrollmentID

    init(_ row: CohortRow, program: Program, facilityCode: String) {
        let identity = CohortIdentity(program: row.program, cohort: row.cohort, key: row.key)
        self.row = row
        self.program = program
        self.facilityCode = facilityCode
        participant = identity.participant
        enrollment = identity.enrollment
    }

    /// What the registry keeps.
    var importRow: ImportRow {
        ImportRow(
            key: row.key, participant: participant, enrollment: enrollment, name: row.name,
            pseudonym: row.pseudonym, nik: row.nik, sex: row.sex, birthDate: row.birthDate,
            age: row.age, program: program.id, group: row.cohort, admittedOn: row.admittedOn,
            exitClass: row.exitClass, exitedOn: row.exitedOn, exitReason: row.exitReason,
            releasedOn: row.releasedOn)
    }

    /// What the evaluation keeps: no name, no NIK, no age.
    var entry: CohortEntry {
        CohortEntry(
            participant: participant, enrollment: enrollment, cohort: row.cohort,
            releasedOn: row.releasedOn, followedUntil: row.followedUntil, firstEvent: row.event,
            baseline: row.baseline, exit: row.exit, group: row.group,
            programCode: program.code, sex: row.sex, admittedOn: row.admittedOn,
            exitedOn: row.exitedOn, exitStatus: row.exitClass?.rawValue)
    }
}

/// The programs that rows may name, each with the facility that its agreement is with.
struct ProgramList {
    private var byCode: [String: (program: Program, facilityCode: String)] = [:]

    init(_ programs: [Program], _ agreements: [Agreement], facility: String?) {
        let facilities = Dictionary(
            agreements.map { ($0.id, $0.facilityCode) }, uniquingKeysWith: { one, _ in one })
        for program in programs {
            guard let code = facility ?? facilities[program.agreement] else { continue }
            byCode[program.code] = (program, code)
        }
    }

    /// Joins rows with their programs, and reports the rows whose program is not defined.
    func plan(_ rows: [CohortRow]) -> (planned: [PlannedRow], errors: [RowError]) {
        var planned: [PlannedRow] = []
        var errors: [RowError] = []
        let known = byCode.keys.sorted().joined(separator: ", ")
        for row in rows {
            guard let (program, facilityCode) = byCode[row.program] else {
                errors.append(
                    RowError(
                        line: row.line, column: nil, field: .program,
                        problem: known.isEmpty
                            ? "no program is defined yet; define it with `pulih program define`"
                            : "is the code of no program; the programs are \(known)"))
                continue
            }
            planned.append(PlannedRow(row, program: program, facilityCode: facilityCode))
        }
        return (planned, errors)
    }
}
