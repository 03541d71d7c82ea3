import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Master data")
struct MasterDataTests {
    @Test("keeps the codes of facilities and institutions unique")
    func codes() throws {
        func facility(_ number: UInt64, _ code: String, name: String = "Rutan") -> AddFacility {
            AddFacility(facility: Facility(id: id(number), code: code, name: name, zone: .wib))
        }
        let first = try FacilityRules.add(facility(1, "rutan-kraksaan"), known: [])
        #expect(try FacilityRules.add(facility(1, "rutan-kraksaan"), known: [first]) == first)
        typealias Reason = AddFacility.Refusal
        #expect(
            refusal(Reason.self) {
                try FacilityRules.add(facility(1, "rutan-kraksaan", name: "X"), known: [first])
            } == .idTaken)
        #expect(
            refusal(Reason.self) {
                try FacilityRules.add(facility(2, "rutan-kraksaan"), known: [first])
            } == .codeTaken)
        for bad in ["R", "Rutan", "rutan kraksaan", "-rutan", String(repeating: "a", count: 41)] {
            #expect(
                wrongField { try FacilityRules.add(facility(3, bad), known: []) }
                    == "facility.code", "\(bad)")
        }

        func institution(_ number: UInt64, name: String = "BNNK") -> AddInstitution {
            AddInstitution(
                institution: Institution(
                    id: id(number), code: "bnnk", name: name, kind: .narcoticsBoard))
        }
        let board = try InstitutionRules.add(institution(1), known: [])
        #expect(try InstitutionRules.add(institution(1), known: [board]) == board)
        #expect(
            refusal(AddInstitution.Refusal.self) {
                try InstitutionRules.add(institution(1, name: "X"), known: [board])
            } == .idTaken)
        #expect(
            refusal(AddInstitution.Refusal.self) {
                try InstitutionRules.add(institution(2), known: [board])
            } == .codeTaken)
    }

    @Test("refuses text that is blank, too long, or hides control characters")
    func texts() {
        for bad in [
            "", "  ", " x", "x ", "a\nb", "a\u{202E}b", "a\u{0}b", "a\u{200B}b",
            String(repeating: "a", count: 121), "a" + String(repeating: "\u{301}", count: 200),
        ] {
            let call = AddFacility(
                facility: Facility(id: id(1), code: "rutan", name: bad, zone: .wib))
            #expect(wrongField { try FacilityRules.add(call, known: []) } == "facility.name")
        }
    }

    @Test("records an agreement between those who are known, with its term in order")
    func agreements() throws {
        let facts = AgreementFacts(
            facilityCodes: [Example.rutan], institutionCodes: [Example.board], agreements: [])
        typealias Reason = SignAgreement.Refusal
        func refused(_ change: (inout AgreementFacts) -> Void) -> Reason? {
            var facts = facts
            change(&facts)
            return refusal(Reason.self) {
                try AgreementRules.sign(SignAgreement(agreement: Example.agreement), facts: facts)
            }
        }
        #expect(refused { _ in } == nil)
        #expect(refused { $0.facilityCodes = [] } == .facilityUnknown)
        #expect(refused { $0.institutionCodes = [] } == .institutionUnknown)
        #expect(refused { $0.agreements = [Example.agreement] } == nil)
        func other(_ number: UInt64, _ letter: String) -> Agreement {
            Agreement(
                id: id(number), number: letter, facilityCode: Example.rutan,
                institutionCodes: [Example.board], validFrom: day("2025-01-01"),
                validUntil: day("2025-12-31"), scope: "another")
        }
        #expect(refused { $0.agreements = [other(100, "2")] } == .idTaken)
        #expect(refused { $0.agreements = [other(101, "W15.PAS/1/2025")] } == .numberTaken)
        let backwards = Agreement(
            id: id(102), number: "3", facilityCode: Example.rutan,
            institutionCodes: [Example.board], validFrom: day("2025-01-02"),
            validUntil: day("2025-01-01"), scope: "none")
        #expect(
            wrongField {
                try AgreementRules.sign(SignAgreement(agreement: backwards), facts: facts)
            } == "agreement.validUntil")
    }

    @Test("watches the term of an agreement to its last day")
    func agreementStates() {
        let agreement = Example.agreement
        #expect(AgreementRules.state(of: agreement, on: day("2024-12-31")) == .notYetValid)
        #expect(AgreementRules.state(of: agreement, on: day("2025-01-01")) == .valid)
        #expect(AgreementRules.state(of: agreement, on: day("2027-10-01")) == .valid)
        #expect(
            AgreementRules.state(of: agreement, on: day("2027-10-02")) == .expiring(daysLeft: 90))
        #expect(
            AgreementRules.state(of: agreement, on: day("2027-12-31")) == .expiring(daysLeft: 0))
        #expect(AgreementRules.state(of: agreement, on: day("2028-01-01")) == .expired)
    }

    @Test("defines a program under an agreement in force, whose phases fill its length")
    func programs() {
        typealias Reason = DefineProgram.Refusal
        func define(
            _ program: Program, agreement: Agreement? = Example.agreement, known: [Program] = [],
            today: Day = Example.today
        ) throws -> Program {
            try ProgramRules.define(
                DefineProgram(program: program), agreement: agreement, known: known, today: today)
        }
        let program = Example.program()
        #expect(refusal(Reason.self) { try define(program) } == nil)
        #expect(refusal(Reason.self) { try define(program, known: [program]) } == nil)
        #expect(refusal(Reason.self) { try define(program, agreement: nil) } == .agreementUnknown)
        #expect(
            refusal(Reason.self) { try define(program, today: day("2028-01-01")) }
                == .agreementExpired)
        var changed = program
        changed.capacity = 5
        #expect(refusal(Reason.self) { try define(changed, known: [program]) } == .idTaken)
        let sameCode = Program(
            id: id(201), agreement: program.agreement, code: program.code, name: "Another",
            kind: .medical, lengthDays: 1, phases: [Phase(name: "all", days: 1)], capacity: 1,
            evaluationCalendar: [], entryRules: EntryRules())
        #expect(refusal(Reason.self) { try define(sameCode, known: [program]) } == .codeTaken)

        func wrong(_ change: (inout Program) -> Void) -> String? {
            var program = program
            change(&program)
            return wrongField { try define(program) }
        }
        #expect(wrong { $0.lengthDays = 181 } == "program.phases")
        #expect(wrong { $0.lengthDays = .max } == "program.lengthDays")
        #expect(wrong { $0.phases[0] = Phase(name: "entry", days: .max) } == "program.phases.days")
        #expect(wrong { $0.phases[0] = Phase(name: "primary", days: 30) } == "program.phases")
        #expect(wrong { $0.capacity = 0 } == "program.capacity")
        #expect(
            wrong { $0.entryRules.requiredRiskBands = ["severe"] }
                == "program.entryRules.requiredRiskBands")
        #expect(
            wrong { $0.entryRules.allowedStatuses = [] } == "program.entryRules.allowedStatuses")
        #expect(
            wrong {
                $0.evaluationCalendar[0] = EvaluationPoint(
                    code: "M0", after: 0, unit: .day, instruments: [], urine: false)
            } == "program.evaluationCalendar")
    }

    @Test("adds staff where they belong, with a code of their own there")
    func staff() throws {
        let facts = StaffFacts(
            facilityCodes: [Example.rutan], institutionCodes: [Example.board], staff: [])
        let member = Example.staff(1, .counselor)
        typealias Reason = AddStaff.Refusal
        func refused(_ member: Staff, _ facts: StaffFacts) -> Reason? {
            refusal(Reason.self) { try StaffRules.add(AddStaff(member: member), facts: facts) }
        }
        #expect(refused(member, facts) == nil)
        var known = facts
        known.staff = [member]
        #expect(refused(member, known) == nil)
        #expect(refused(Example.staff(1, .physician), known) == .idTaken)
        var elsewhere = facts
        elsewhere.facilityCodes = []
        #expect(refused(member, elsewhere) == .affiliationUnknown)
        let twin = Staff(
            id: id(2), code: member.code, name: "Other", affiliation: member.affiliation,
            role: .counselor, title: "Officer")
        #expect(refused(twin, known) == .codeTaken)
        let slashed = Staff(
            id: id(3), code: "a/b", name: "Other", affiliation: member.affiliation,
            role: .counselor, title: "Officer")
        #expect(
            wrongField { try StaffRules.add(AddStaff(member: slashed), facts: facts) }
                == "member.code")
    }

    @Test("gives pages of 1 to 500, and 100 where nobody asks")
    func pages() throws {
        #expect(try Paging.limit(nil) == 100)
        #expect(try Paging.limit(500) == 500)
        #expect(wrongField { try Paging.limit(0) } == "limit")
        #expect(wrongField { try Paging.limit(501) } == "limit")
        #expect(
            wrongField { try ParticipantRules.checkList(ListParticipants(nameContains: "Bu")) }
                == "nameContains")
    }
}
