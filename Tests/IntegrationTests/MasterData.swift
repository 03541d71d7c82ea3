import RPC
import RegistryAPI
import Vocabulary

/// The papers and people that exist before anybody is admitted.
struct MasterData {
    let agreement: Agreement
    let program: Program
    let physician: StaffID
    let boardCounselor: StaffID
    let registrar: StaffID
    let head: StaffID

    /// Records facility, board, agreement, program and staff.
    static func record(in town: Town) async throws -> MasterData {
        for code in [Town.rutan.code, "rutan-situbondo"] {
            let facility = Facility(id: fresh(), code: code, name: code, zone: .wib)
            _ = try await town.call(AddFacility(facility: facility), as: .administrator)
        }
        let board = Institution(
            id: fresh(), code: Town.board.code, name: "BNNK Pasuruan", kind: .narcoticsBoard)
        _ = try await town.call(AddInstitution(institution: board), as: .administrator)
        let agreement = try await town.call(
            SignAgreement(agreement: agreement("PKS-1", from: -400, through: 400, in: town)),
            as: .facilityHead)
        let program = try await town.call(
            DefineProgram(program: program("sosial-6", under: agreement.id, capacity: 40)),
            as: .programManager)
        return MasterData(
            agreement: agreement, program: program,
            physician: try await staff(.physician, in: town),
            boardCounselor: try await staff(.boardCounselor, at: Town.board, in: town),
            registrar: try await staff(.registrar, in: town),
            head: try await staff(.facilityHead, in: town))
    }

    /// An agreement in force on days counted from today.
    static func agreement(
        _ number: String, at facility: String = Town.rutan.code, from: Int, through: Int,
        in town: Town
    ) -> Agreement {
        Agreement(
            id: fresh(), number: number, facilityCode: facility,
            institutionCodes: [Town.board.code], validFrom: town.day(from),
            validUntil: town.day(through), scope: "rehabilitation of people in custody")
    }

    /// Six months of social rehabilitation with the usual entry rules.
    static func program(
        _ code: String, under agreement: AgreementID, capacity: Int,
        rules: EntryRules = EntryRules(maximumScreeningAgeDays: 90)
    ) -> Program {
        Program(
            id: fresh(), agreement: agreement, code: code, name: "Rehabilitasi Sosial",
            kind: .social, lengthDays: 180,
            phases: [
                Phase(name: "entry", days: 30), Phase(name: "primary", days: 120),
                Phase(name: "re-entry", days: 30),
            ], capacity: capacity,
            evaluationCalendar: [
                EvaluationPoint(
                    code: "M3", after: 3, unit: .month, instruments: ["whoqol-bref"], urine: true),
                EvaluationPoint(
                    code: "M6", after: 6, unit: .month, instruments: ["whoqol-bref"], urine: true),
            ], entryRules: rules)
    }

    private static func staff(
        _ role: Role, at place: Affiliation = Town.rutan, in town: Town
    ) async throws -> StaffID {
        let member = Staff(
            id: fresh(), code: "staff-\(role.rawValue)", name: "Petugas \(role.rawValue)",
            affiliation: place, role: role, title: "Petugas")
        return try await town.call(AddStaff(member: member), as: .administrator).id
    }
}
