import ClinicalAPI
import RegistryAPI
import Shared

// What the registry records of somebody up to admission.

extension SampleBook {
    /// Identity, the books they stood in, articles, sentence, dates, block.
    mutating func register(_ course: SampleCourse) {
        turn(to: .intake, course.lane)
        let registrar = SampleStaff.registrar
        let arrest = course.arrestedOn
        let year = arrest.parts.year
        add(
            "register", by: registrar,
            RegisterParticipant(
                id: course.participant, identity: course.identity,
                facilityCode: SampleStaff.rutan.code,
                register: RegisterEntry(
                    number: RegisterNumber(book: .a1, number: "\(100 + course.number)/\(year)"),
                    from: arrest),
                caseArticles: [article(of: course, "112 ayat (1)")],
                releaseDates: [
                    ReleaseDate(
                        kind: .detentionExpiry, date: arrest.adding(days: 20),
                        authority: "Penyidik Polres (contoh)",
                        letter: "SPP/CONTOH/\(course.number)/\(year)", recordedOn: arrest)
                ]))
        add(
            "first-block", by: SampleStaff.guardian,
            PlaceParticipant(
                participant: course.participant,
                block: course.identity.sex == .female ? "Blok Wanita" : "Blok Tahanan A",
                from: arrest))
        for (name, book, days) in [("prosecutor", RegisterBook.a2, 20), ("court", .a3, 40)] {
            add(
                "book-\(name)", by: registrar,
                MoveRegister(
                    participant: course.participant,
                    number: RegisterNumber(book: book, number: "\(100 + course.number)/\(year)"),
                    from: arrest.adding(days: days)))
        }
        convict(course)
        recordPapers(course)
    }

    private func article(of course: SampleCourse, _ code: String) -> CaseArticle {
        CaseArticle(code: code, law: "UU 35/2009", offenseOn: course.arrestedOn)
    }

    private mutating func convict(_ course: SampleCourse) {
        let registrar = SampleStaff.registrar
        let verdict = course.arrestedOn.adding(days: 85)
        let code = course.sentenceMonths <= 20 ? "127 ayat (1) huruf a" : "112 ayat (1)"
        add(
            "sentence", by: registrar,
            SetSentence(
                participant: course.participant, sentenceMonths: course.sentenceMonths,
                caseArticles: [article(of: course, code)]))
        add(
            "book-convict", by: registrar,
            MoveRegister(
                participant: course.participant,
                number: RegisterNumber(
                    book: course.sentenceMonths > 12 ? .b1 : .b2a,
                    number: "\(200 + course.number)/\(verdict.parts.year)"),
                from: verdict))
        let expiry = course.arrestedOn.adding(months: course.sentenceMonths)
        add(
            "sentence-expiry", by: registrar,
            SetReleaseDate(
                participant: course.participant,
                releaseDate: ReleaseDate(
                    kind: .sentenceExpiry, date: expiry, recordedOn: verdict)))
        // Where a remission ends the sentence early, parole was never asked for.
        guard course.remissionDays == nil else { return }
        add(
            "two-thirds", by: registrar,
            SetReleaseDate(
                participant: course.participant,
                releaseDate: ReleaseDate(
                    kind: .twoThirds,
                    date: course.arrestedOn.adding(days: course.sentenceMonths * 365 / 18),
                    recordedOn: verdict)))
    }

    /// The two of the seven items that registration records.
    private mutating func recordPapers(_ course: SampleCourse) {
        let day = course.intake.begins.adding(days: -28)
        record(
            .handled, "Calon peserta rehabilitasi \(course.intake.code)", of: course, on: day,
            from: "Daftar calon peserta", by: SampleStaff.registrar)
        record(
            .identity, "Identitas sesuai berkas", of: course, on: day, from: "Berkas registrasi",
            by: SampleStaff.registrar)
    }

    mutating func record(
        _ aspect: RecordedAspect, _ text: String, code: String? = nil, of course: SampleCourse,
        on day: Day, from source: String, by colleague: SampleColleague
    ) {
        let name = "item-\(aspect.rawValue)"
        add(
            name, by: colleague,
            RecordItem(
                item: RecordedItem(
                    id: id("\(course.lane)/\(name)", on: day), participant: course.participant,
                    aspect: aspect, text: text, code: code, recordedOn: day, source: source)))
    }

    func consentToTreatment(of course: SampleCourse) -> ConsentID {
        id("\(course.lane)/consent-treatment", on: course.intake.begins.adding(days: -8))
    }

    /// Both consents, and what the assessment team decides.
    mutating func agree(_ course: SampleCourse) {
        turn(to: .consent, course.lane)
        let day = course.intake.begins.adding(days: -8)
        let byFamily = course.number % 5 == 0
        let witness =
            byFamily
            ? Witness(name: "Keluarga peserta (contoh)", relation: "keluarga")
            : Witness(
                name: SampleStaff.boardCounselor.name, staff: staff(SampleStaff.boardCounselor))
        let explained = Explanation(
            explainedOn: day.adding(days: -1), noPenaltyReadOut: true)
        add(
            "consent-treatment", by: course.counselor,
            RecordConsent(
                consent: Consent(
                    id: consentToTreatment(of: course),
                    participant: course.participant, kind: .treatment, version: "IC-2",
                    scope: [.program, .clinical, .counseling],
                    purpose: "Rehabilitasi sosial enam bulan", language: "id", signedOn: day,
                    endsWith: .exit, witness: witness, explanation: explained)))
        add(
            "consent-sharing", by: course.counselor,
            RecordConsent(
                consent: Consent(
                    id: id("\(course.lane)/consent-sharing", on: day),
                    participant: course.participant, kind: .dataSharing, version: "DS-1",
                    scope: [.program, .clinical], purpose: "Evaluasi bersama",
                    recipients: [SampleStaff.board.code],
                    language: course.number % 4 == 0 ? "mad" : "id", signedOn: day,
                    expiresOn: day.adding(days: 730), witness: witness,
                    explanation: explained)))
        let decided = course.intake.begins.adding(days: -6)
        let team = [
            SampleStaff.physician, SampleStaff.psychologist, course.counselor,
            SampleStaff.boardCounselor, SampleStaff.registrar,
        ]
        add(
            "decision", by: SampleStaff.psychologist,
            RecordDecision(
                decision: Decision(
                    id: id("\(course.lane)/decision", on: decided),
                    participant: course.participant,
                    members: team.map { TeamMember(staff: staff($0), role: $0.role) },
                    recommends: course.number % 6 == 0 ? .both : .social,
                    place: "Blok Rehabilitasi Rutan Kraksaan", decidedOn: decided)))
    }

    /// The decree that appoints an intake.
    mutating func appoint(_ intake: SampleIntakeGroup, _ courses: [SampleCourse]) {
        turn(to: .decree, intake.lane)
        let day = intake.begins.adding(days: -4)
        add(
            "decree", by: SampleStaff.head,
            IssueDecree(
                decree: Decree(
                    id: decree(of: intake), number: "SK/CONTOH/\(intake.code)", signedOn: day,
                    program: program, cohort: intake.code,
                    participants: courses.map(\.participant),
                    signedBy: staff(SampleStaff.head))))
    }

    private func decree(of intake: SampleIntakeGroup) -> DecreeID {
        id("decree/\(intake.code)", on: intake.begins.adding(days: -4))
    }

    /// The rehabilitation block and the enrollment.
    mutating func admit(_ course: SampleCourse) {
        turn(to: .admission, course.lane)
        add(
            "rehabilitation-block", by: SampleStaff.guardian,
            PlaceParticipant(
                participant: course.participant,
                block: course.identity.sex == .female
                    ? "Blok Wanita, kamar rehabilitasi" : "Blok Rehabilitasi",
                from: course.openedOn.adding(days: -2)))
        add(
            "enroll", by: SampleStaff.registrar,
            OpenEnrollment(
                id: course.enrollment, participant: course.participant, program: program,
                cohort: course.intake.code, decree: decree(of: course.intake),
                openedOn: course.openedOn))
    }
}
