import ClinicalAPI
import RegistryAPI
import Shared
import TestKit

@testable import Gateway

// What happens in the town whose calls are recorded: the sample program, and then what it leaves
// out, so that every method is called at least once. New calls come at the end, for whatever is
// before them stays as it was recorded.

extension RecordedTown {
    /// Makes every call, always the same.
    func live() async throws {
        // Of an empty journal, whose hashes are the same in every recording.
        try await call(
            VerifyJournal(positions: [0]), at: .evaluation, as: SampleStaff.administrator)
        let steps = SampleProgram.steps(seed: 1, through: Self.today)
        for chapter in SampleChapter.allCases {
            for step in steps where step.chapter == chapter {
                try await make(step)
            }
            try await spreadTheWord()
        }
        let book = SampleBook(seed: 1, through: Self.today)
        let courses = Dictionary(uniqueKeysWithValues: book.courses().map { ($0.number, $0) })
        let people = try (1...24).map { number in
            guard let course = courses[number] else {
                throw CorpusProblem(description: "the sample has no participant \(number)")
            }
            return course
        }
        try await change(people)
        try await treat(people)
        try await importCohort(book)
        try await spreadTheWord()
        try await readRegistry(people, book)
        try await readClinical(people)
        try await readEvaluation(people)
        for service in ServiceName.allCases {
            try await call(CheckHealth(), at: service, as: SampleStaff.administrator)
        }
        let program = DescribeService(method: DefineProgram.name.text)
        try await call(program, at: .registry, as: SampleStaff.administrator)
        let feed = DescribeService(method: FollowRegistry.name.text)
        try await call(feed, at: .registry, as: SampleStaff.administrator)
        try await call(ReadMetrics(), at: .evaluation, as: SampleStaff.administrator)
        try await witness(.clinical, by: .evaluation)
        try await call(AskWitness(), at: .evaluation, as: SampleStaff.administrator)
        try await call(
            EraseSection(participant: id(2), erased: .program, request: "H-1/2026"),
            as: SampleStaff.head)
        try await call(
            EraseNotes(participant: people[0].participant, request: "H-2/2026"),
            as: SampleStaff.psychologist)
        try await revokeCertificates()
        try await keepRegisters(people)
        try await superviseAccess()
    }

    private func revokeCertificates() async throws {
        let administrator = SampleStaff.administrator
        let holder = "spiffe://\(TestCertificates.domain)/service/clinical"
        try await call(
            RevokeCertificate(
                id: id(61), serial: try CertificateSerial("4F00A1"), reason: .superseded),
            as: administrator)
        try await call(
            RevokeCertificate(
                id: id(62), identity: holder, issuedBefore: Self.now.adding(seconds: -1),
                reason: .keyCompromise, note: "disk hilang"), as: administrator)
        try await call(ListRevokedCertificates(identity: holder), as: administrator)
        try await spreadTheWord()
    }

    private func make(_ step: SampleStep) async throws {
        try await call(step.request, as: step.by)
    }

    /// An id that is the same in every recording.
    func id<Kind>(_ number: UInt64) -> Identifier<Kind> {
        Identifier(at: Self.now, high: 0, low: number)
    }

    func day(_ offset: Int) -> Day { Self.today.adding(days: offset) }

    // MARK: - The registry

    /// What the sample does to nobody.
    private func change(_ people: [SampleCourse]) async throws {
        let registrar = SampleStaff.registrar
        try await register(1, "Elok Puspa", born: 1990)
        try await register(2, "Elok Puspa", born: 1990)
        try await call(FindDuplicates(participant: id(2)), as: registrar)
        try await call(AddAlias(participant: id(1), alias: "Eloy"), as: registrar)
        try await call(
            MergeParticipants(kept: id(1), duplicate: id(2), reason: "orang yang sama"),
            as: registrar)
        try await call(
            UnmergeParticipants(duplicate: id(2), reason: "saudara kembar"), as: registrar)
        try await register(3, "Rukun Damai", born: 1960)
        try await call(
            RecordDeath(participant: id(3), day: day(-1), source: "Surat kematian (contoh)"),
            as: registrar)
        try await call(
            SetRegisterF(participant: people[10].participant, entered: true, reason: "perkelahian"),
            as: registrar)
        try await call(
            AdvanceEnrollment(
                enrollment: people[20].enrollment, stage: SampleProgram.phases[0].name,
                from: day(0), reason: "mengulang tahap"), as: people[20].counselor)
        try await call(
            ExitEnrollment(
                enrollment: people[20].enrollment,
                exit: Exit(
                    exitClass: .removed, day: day(0), reason: "kekerasan", destination: "Blok A",
                    removal: Removal(grounds: [.violence], heardOn: day(-1)))),
            as: SampleStaff.manager)
    }

    private func register(_ number: UInt64, _ name: String, born year: Int) async throws {
        try await call(
            RegisterParticipant(
                id: id(number),
                identity: ParticipantIdentity(
                    name: name, aliases: ["El"], fatherName: "Sabar",
                    nikUnknownReason: "belum direkam", sex: .female, birthYear: year),
                facilityCode: SampleStaff.rutan.code,
                register: RegisterEntry(
                    number: RegisterNumber(book: .b1, number: "9\(number)/2026"), from: day(-30)),
                caseArticles: [CaseArticle(code: "127 ayat (1) huruf a", law: "UU 35/2009")],
                sentenceMonths: 18, confirmDuplicate: true), as: SampleStaff.registrar)
    }

    private func importCohort(_ book: SampleBook) async throws {
        func row(_ number: UInt64, name: String?, admittedOn: Day?, exitReason: String?)
            -> ImportRow
        {
            ImportRow(
                key: "baris-\(number)", participant: id(40 + number), enrollment: id(50 + number),
                name: name, pseudonym: name == nil ? "P-LAMA\(number)" : nil, sex: .male,
                birthDate: name == nil ? nil : day(-9000), age: name == nil ? 31 : nil,
                program: book.program, group: "2024-1", admittedOn: admittedOn,
                exitClass: .completed, exitedOn: admittedOn?.adding(days: 180),
                exitReason: exitReason, releasedOn: admittedOn?.adding(days: 200))
        }
        let rows = [
            row(1, name: "Lama Satu", admittedOn: day(-700), exitReason: "Tamat"),
            row(2, name: nil, admittedOn: nil, exitReason: nil),
        ]
        let other = row(1, name: "Lama Satu", admittedOn: day(-701), exitReason: nil)
        for rows in [rows, [other]] {
            try await call(
                ImportCohort(facilityCode: SampleStaff.rutan.code, rows: rows),
                as: SampleStaff.registrar)
        }
    }

    private func readRegistry(_ people: [SampleCourse], _ book: SampleBook) async throws {
        let (registrar, manager) = (SampleStaff.registrar, SampleStaff.manager)
        let counselor = people[7].counselor
        try await call(ListFacilities(), as: registrar)
        try await call(ListInstitutions(), as: registrar)
        try await call(ListAgreements(facilityCode: SampleStaff.rutan.code), as: registrar)
        try await call(ListPrograms(), as: registrar)
        try await call(GetProgram(program: book.program), as: registrar)
        try await call(ListStaff(affiliation: SampleStaff.board), as: registrar)
        for participant in [people[2].participant, id(1), id(2), id(3), id(41)] {
            try await call(GetParticipant(participant: participant), as: registrar)
        }
        try await call(GetLegalStanding(participant: people[2].participant), as: registrar)
        try await call(ListParticipants(nameContains: "elok", limit: 1), as: registrar)
        for service in ServiceName.allCases {
            try await call(
                ReadAccessLog(participant: people[2].participant, limit: 3), at: service,
                as: SampleStaff.head)
            try await call(
                OpenEmergencyAccess(
                    id: id(90), participant: people[2].participant, category: .medical,
                    reason: "tidak sadarkan diri di blok R"), at: service,
                as: SampleStaff.physician)
            try await call(
                ReviewEmergencyAccess(id: id(90), justified: true, remark: "benar darurat"),
                at: service, as: SampleStaff.head)
            try await call(
                ListEmergencyAccesses(includingReviewed: true), at: service,
                as: SampleStaff.head)
        }
        for participant in [people[2].participant, people[23].participant, id(2), id(3)] {
            try await call(RegistryTimeline(participant: participant), as: registrar)
        }
        try await call(
            RegistryTimeline(participant: people[8].participant), as: SampleStaff.aftercare)
        try await call(
            RevealNationalID(participant: people[2].participant), as: registrar)
        try await call(ListItems(participant: people[19].participant), as: counselor)
        try await call(ListConsents(participant: people[7].participant), as: counselor)
        try await call(ListDecisions(participant: people[7].participant), as: counselor)
        try await call(ListDecrees(program: book.program), as: manager)
        for course in [people[2], people[8], people[20], people[23]] {
            try await call(GetEnrollment(enrollment: course.enrollment), as: manager)
        }
        try await call(
            ListEnrollments(program: book.program, status: .active, limit: 1), as: manager)
        try await call(ListImportedEpisodes(limit: 1), as: manager)
    }
}
