import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

/// A day in the calendar, or a failed test.
func day(_ text: String) -> Day {
    guard let day = Day(text: text) else {
        Issue.record("\(text) is no day")
        return Day(number: 0)
    }
    return day
}

/// An identifier that is the same in every run.
func id<Kind>(_ number: UInt64) -> Identifier<Kind> {
    Identifier(at: Timestamp(microseconds: 1_700_000_000_000_000), high: 0, low: number)
}

/// The rule that refuses, or nil where nothing or something else is thrown.
func refusal<Reason: RPCRefusal>(
    _ type: Reason.Type, _ body: () throws -> some Any
) -> Reason? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? Refused<Reason>)?.reason
    }
}

/// The field that is found wrong, or nil where nothing or something else is thrown.
func wrongField(_ body: () throws -> some Any) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? InvalidInput)?.field
    }
}

/// People, papers and programs as they would be on the day of a typical enrollment.
enum Example {
    static let today = day("2026-03-01")
    static let rutan = "rutan-kraksaan"
    static let board = "bnnk-pasuruan"
    static let facilities: Set<String> = [rutan, "rutan-situbondo"]

    static func participant(_ number: UInt64 = 1) -> Participant {
        Participant(
            id: id(number), identity: identity(),
            legal: LegalFacts(
                register: [
                    RegisterEntry(
                        number: RegisterNumber(book: .a1, number: "7/2025"),
                        from: day("2025-06-01"), until: day("2025-09-01")),
                    RegisterEntry(
                        number: RegisterNumber(book: .b1, number: "12/2025"),
                        from: day("2025-09-01")),
                ],
                caseArticles: [CaseArticle(code: "127 ayat (1)", law: "UU 35/2009")],
                sentenceMonths: 24,
                releaseDates: [
                    ReleaseDate(
                        kind: .sentenceExpiry, date: day("2027-06-01"),
                        recordedOn: day("2025-09-01"))
                ]),
            facilityCode: rutan, placements: [Placement(block: "R", from: day("2025-09-02"))])
    }

    static func identity(
        name: String = "Budi Santoso", birth: String = "1990-05-04", fingerprint: String? = nil
    ) -> ParticipantIdentity {
        ParticipantIdentity(
            name: name, fingerprintNumber: fingerprint, nikUnknownReason: "lost his card",
            sex: .male, birthDate: day(birth))
    }

    static let agreement = Agreement(
        id: id(100), number: "W15.PAS/1/2025", facilityCode: rutan, institutionCodes: [board],
        validFrom: day("2025-01-01"), validUntil: day("2027-12-31"), scope: "rehabilitation")

    static func program(_ rules: EntryRules = EntryRules()) -> Program {
        Program(
            id: id(200), agreement: agreement.id, code: "sosial-6", name: "Rehabilitasi Sosial",
            kind: .social, lengthDays: 180,
            phases: [
                Phase(name: "entry", days: 30), Phase(name: "primary", days: 120),
                Phase(name: "re-entry", days: 30),
            ], capacity: 2,
            evaluationCalendar: [
                EvaluationPoint(
                    code: "M0", after: 0, unit: .day, instruments: ["whoqol-bref"], urine: true),
                EvaluationPoint(
                    code: "M3", after: 3, unit: .month, instruments: ["whoqol-bref"], urine: true),
            ], entryRules: rules)
    }

    static func staff(_ number: UInt64, _ role: Role, active: Bool = true) -> Staff {
        Staff(
            id: id(number), code: "s\(number)", name: "Staff \(number)",
            affiliation: Affiliation(kind: .facility, code: rutan), role: role, title: "Officer",
            active: active)
    }

    static func consent(
        _ number: UInt64 = 300, kind: Consent.Kind = .treatment,
        scope: [Section] = [.program, .clinical], signedOn: String = "2026-02-01",
        expiresOn: String? = "2026-12-31", endsWith: Consent.EndingEvent? = nil,
        witness: Witness = Witness(name: "Siti", relation: "legal aid"),
        guardian: String? = nil, guardianship: Guardianship? = nil,
        explanation: Explanation? = Explanation(
            explainedOn: day("2025-12-31"), noPenaltyReadOut: true)
    ) -> Consent {
        Consent(
            id: id(number), participant: id(1), kind: kind, version: "3", scope: scope,
            purpose: "rehabilitation", recipients: kind == .treatment ? [] : ["BNNK Pasuruan"],
            language: "jv", signedOn: day(signedOn), expiresOn: expiresOn.map { day($0) },
            endsWith: endsWith, witness: witness, guardian: guardian,
            guardianship: guardianship, explanation: explanation)
    }

    static let decision = Decision(
        id: id(400), participant: id(1),
        members: [
            TeamMember(staff: id(501), role: .physician),
            TeamMember(staff: id(502), role: .boardCounselor),
            TeamMember(staff: id(503), role: .registrar),
        ], recommends: .social, place: "Rutan Kraksaan, block R", decidedOn: day("2026-02-10"))

    static let team = [
        staff(501, .physician), staff(502, .boardCounselor), staff(503, .registrar),
    ]

    static let decree = Decree(
        id: id(600), number: "SK-1/2026", signedOn: day("2026-02-20"), program: id(200),
        cohort: "2026-1", participants: [id(1)], signedBy: id(504))

    static func opening(
        _ number: UInt64 = 700, openedOn: String = "2026-03-01", decree: DecreeID? = id(600),
        cohort: String = "2026-1"
    ) -> OpenEnrollment {
        OpenEnrollment(
            id: id(number), participant: id(1), program: id(200), cohort: cohort, decree: decree,
            openedOn: day(openedOn))
    }

    /// Facts under which ``opening()`` is right.
    static func facts() -> EnrollmentFacts {
        EnrollmentFacts(
            participant: participant(), program: program(), agreement: agreement,
            consents: [consent()], decisions: [decision], decree: decree,
            screenings: [
                ScreeningFact(
                    participant: id(1), day: day("2026-02-05"), highestDrugBand: "moderate",
                    substances: ["amphetamine"])
            ], urineTests: [day("2026-02-05")])
    }

    /// An active enrollment, from 2026-03-01, in its first phase.
    static func enrollment(_ number: UInt64 = 700) -> Enrollment {
        Enrollment(
            id: id(number), participant: id(1), program: id(200), cohort: "2026-1",
            decree: id(600), status: .active,
            stages: [StageEntry(stage: "entry", from: day("2026-03-01"))],
            openedOn: day("2026-03-01"), plannedEnd: day("2026-08-28"))
    }
}
