import RegistryAPI
import Shared

/// A made-up program of rehabilitation, as the three services would have recorded it.
///
/// The same seed and the same last day always give the same calls, down to their ids. Nobody in
/// it exists: the places are those for which this software is made, and all else is invented.
enum SampleProgram {
    /// Six months, the longest there are.
    static let lengthDays = 184
    static let code = "sosial-6"
    static let phases = [
        Phase(name: "Orientasi", days: 30), Phase(name: "Primer", days: 92),
        Phase(name: "Re-entry", days: 62),
    ]

    /// Every call, in an order in which they can be made one after the other.
    static func steps(seed: UInt64, through: Day) -> [SampleStep] {
        var book = SampleBook(seed: seed, through: through)
        let courses = book.courses()
        book.layFoundations()
        for course in courses { book.register(course) }
        for course in courses { book.screen(course) }
        for course in courses { book.agree(course) }
        for intake in book.intakes {
            book.appoint(intake, courses.filter { $0.intake == intake })
        }
        for course in courses { book.admit(course) }
        for course in courses { book.follow(course) }
        for course in courses { book.treat(course) }
        for intake in book.intakes {
            book.meet(intake, courses.filter { $0.intake == intake })
        }
        book.teach(courses)
        for course in courses { book.evaluate(course) }
        for course in courses { book.accompany(course) }
        book.searchRegister(courses)
        // Within a chapter the lanes stand as they were written; chapters come in their order.
        return SampleChapter.allCases.flatMap { chapter in
            book.steps.filter { $0.chapter == chapter }
        }
    }
}

extension SampleBook {
    var agreement: AgreementID { id("agreement", on: through.adding(days: -365)) }
    var program: ProgramID { id("program", on: through.adding(days: -360)) }

    func staff(_ colleague: SampleColleague) -> StaffID {
        id("staff/\(colleague.code)", on: through.adding(days: -365))
    }

    /// Facility, partner, staff of both, agreement and program.
    mutating func layFoundations() {
        turn(to: .foundations, "foundations")
        let signed = through.adding(days: -365)
        add(
            "facility", by: SampleStaff.administrator,
            AddFacility(
                facility: Facility(
                    id: id("facility", on: signed), code: SampleStaff.rutan.code,
                    name: "Rutan Kelas IIB Kraksaan", zone: .wib)))
        add(
            "institution", by: SampleStaff.administrator,
            AddInstitution(
                institution: Institution(
                    id: id("institution", on: signed), code: SampleStaff.board.code,
                    name: "BNN Kabupaten Pasuruan", kind: .narcoticsBoard)))
        for colleague in SampleStaff.all {
            add(
                "staff-\(colleague.code)", by: SampleStaff.administrator,
                AddStaff(
                    member: Staff(
                        id: staff(colleague), code: colleague.code, name: colleague.name,
                        affiliation: colleague.affiliation, role: colleague.role,
                        title: colleague.title)))
        }
        add(
            "agreement", by: SampleStaff.head,
            SignAgreement(
                agreement: Agreement(
                    id: agreement, number: "PKS/CONTOH/01/\(signed.parts.year)",
                    facilityCode: SampleStaff.rutan.code,
                    institutionCodes: [SampleStaff.board.code], validFrom: signed,
                    validUntil: through.adding(days: 730),
                    scope: "Asesmen, rehabilitasi medis dan sosial, evaluasi bersama, "
                        + "pascarehabilitasi (contoh)",
                    clauses: [
                        AgreementClause(
                            code: "3(1)", text: "Peserta rehabilitasi setiap tahun", target: 24),
                        AgreementClause(
                            code: "4(2)", text: "Kunjungan konselor BNNK setiap bulan", target: 2),
                    ])))
        add("program", by: SampleStaff.manager, DefineProgram(program: definition))
    }

    private var definition: Program {
        Program(
            id: program, agreement: agreement, code: SampleProgram.code,
            name: "Rehabilitasi sosial enam bulan (contoh)", kind: .social,
            lengthDays: SampleProgram.lengthDays, phases: SampleProgram.phases, capacity: 20,
            evaluationCalendar: [3, 6].map { months in
                EvaluationPoint(
                    code: "M\(months)", after: months, unit: .month,
                    instruments: [
                        InstrumentCode.whoqolBref.rawValue, InstrumentCode.urica32.rawValue,
                    ],
                    urine: true)
            },
            entryRules: EntryRules(maximumScreeningAgeDays: 90))
    }
}
