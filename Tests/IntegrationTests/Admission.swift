import ClinicalAPI
import Instruments
import RPC
import RegistryAPI
import Vocabulary

/// What is on file of one person on the day they ask to be admitted; a test leaves things out.
///
/// Everything is recorded through the services, on days counted from today.
struct Admission {
    enum ConsentOnFile {
        case none
        case valid
        case expired
        case revoked
    }

    enum DecreeOnFile {
        case none
        case appoints
        /// For another cohort.
        case ofAnotherCohort
    }

    var participant: ParticipantID = fresh()
    var facilityCode = Town.rutan.code
    var register = RegisterNumber(book: .b1, number: "1/2025")
    var registerF = false
    /// Days until the end of the sentence, from the admission; nil where no date is recorded.
    var daysLeft: Int? = 400
    var placed = true
    var consent = ConsentOnFile.valid
    /// The ASSIST score for stimulants, and how many days before admission it was taken.
    var screening: (score: StimulantUse, daysBefore: Int)? = (.moderate, 10)
    var urineTested = true
    var recommends: RehabilitationKind? = .social
    var decree = DecreeOnFile.appoints
    var program: Program
    var cohort = "2026-1"
    /// Days from today; negative, because papers are typed in late.
    var admittedOn = -120
    let master: MasterData

    init(_ master: MasterData) {
        self.master = master
        program = master.program
    }

    /// Records what is on file, and returns the call that asks for the admission.
    func record(in town: Town) async throws -> OpenEnrollment {
        let admitted = town.day(admittedOn)
        try await register(in: town, on: admitted)
        try await screen(in: town, on: admitted)
        try await agree(in: town, on: admitted)
        let decree = try await decide(in: town, on: admitted)
        return OpenEnrollment(
            id: fresh(), participant: participant, program: program.id, cohort: cohort,
            decree: decree, openedOn: admitted)
    }

    private func register(in town: Town, on admitted: Day) async throws {
        let dates = daysLeft.map { days in
            [
                ReleaseDate(
                    kind: .sentenceExpiry, date: admitted.adding(days: days),
                    recordedOn: admitted.adding(days: -60))
            ]
        }
        // Every name is another, or the registry would ask about duplicates.
        let name = "Peserta \(participant.description.suffix(12))"
        _ = try await town.call(
            RegisterParticipant(
                id: participant,
                identity: ParticipantIdentity(
                    name: name, nikUnknownReason: "card lost", sex: .male,
                    birthDate: town.day(-11_000)),
                facilityCode: facilityCode,
                register: RegisterEntry(number: register, from: admitted.adding(days: -60)),
                caseArticles: [CaseArticle(code: "127 ayat (1)", law: "UU 35/2009")],
                sentenceMonths: register.book.legalStatus == .convict ? 24 : nil,
                releaseDates: dates ?? [], registerF: registerF, confirmDuplicate: true),
            as: .registrar)
        if placed {
            _ = try await town.call(
                PlaceParticipant(
                    participant: participant, block: "R", from: admitted.adding(days: -50)),
                as: .security)
        }
    }

    private func screen(in town: Town, on admitted: Day) async throws {
        if let screening {
            _ = try await town.onceHeard(
                AdministerInstrument(
                    id: fresh(), participant: participant, instrument: .assist, mode: .interview,
                    window: .beforeDetention, occasion: .screening,
                    day: admitted.adding(days: -screening.daysBefore),
                    assessor: StaffReference(affiliation: Town.rutan, code: "konselor-1"),
                    answers: screening.score.answers), as: .counselor,
                despite: [.participantUnknown])
        }
        if urineTested {
            _ = try await town.onceHeard(
                RecordUrineTest(
                    id: fresh(), participant: participant, day: admitted.adding(days: -5),
                    occasion: .start,
                    panel: [AnalyteResult(analyte: .methamphetamine, result: .positive)]),
                as: .physician, despite: [.participantUnknown])
        }
    }

    private func agree(in town: Town, on admitted: Day) async throws {
        guard consent != .none else { return }
        let paper = Consent(
            id: fresh(), participant: participant, kind: .treatment, version: "3",
            scope: [.program, .clinical, .counseling], purpose: "rehabilitation", language: "mad",
            signedOn: admitted.adding(days: -20),
            expiresOn: admitted.adding(days: consent == .expired ? -1 : 300),
            witness: Witness(name: "Pendamping", relation: "legal aid"),
            explanation: Explanation(
                explainedOn: admitted.adding(days: -22), noPenaltyReadOut: true))
        _ = try await town.call(RecordConsent(consent: paper), as: .counselor)
        if consent == .revoked {
            _ = try await town.call(
                RevokeConsent(
                    consent: paper.id, day: admitted.adding(days: -2), reason: "none given"),
                as: .counselor)
        }
    }

    private func decide(in town: Town, on admitted: Day) async throws -> DecreeID? {
        guard let recommends else { return nil }
        let decision = Decision(
            id: fresh(), participant: participant,
            members: [
                TeamMember(staff: master.physician, role: .physician),
                TeamMember(staff: master.boardCounselor, role: .boardCounselor),
                TeamMember(staff: master.registrar, role: .registrar),
            ], recommends: recommends, place: "block R", decidedOn: admitted.adding(days: -4))
        _ = try await town.call(RecordDecision(decision: decision), as: .physician)
        guard decree != .none else { return nil }
        let paper = Decree(
            id: fresh(), number: "SK-\(participant.description.suffix(12))",
            signedOn: admitted.adding(days: -1), program: program.id,
            cohort: decree == .ofAnotherCohort ? "another" : cohort, participants: [participant],
            signedBy: master.head)
        return try await town.call(IssueDecree(decree: paper), as: .facilityHead).id
    }
}

/// An ASSIST on which stimulants alone were ever used.
enum StimulantUse {
    case low
    case moderate

    /// Nothing for three months scores 0; weekly use with its harm scores 4 + 3 + 4 + 5 = 16.
    var answers: Answers {
        var values = ["8": 0]
        for substance in ASSIST.Substance.allCases {
            values["1/\(substance.rawValue)"] = substance == .stimulants ? 3 : 0
        }
        let stimulants = ASSIST.Substance.stimulants.rawValue
        switch self {
        case .low:
            values["2/\(stimulants)"] = 0
        case .moderate:
            values["2/\(stimulants)"] = 4
            values["3/\(stimulants)"] = 3
            values["4/\(stimulants)"] = 4
            values["5/\(stimulants)"] = 5
        }
        values["6/\(stimulants)"] = 0
        values["7/\(stimulants)"] = 0
        return Answers(values)
    }
}
