import RegistryAPI
import Shared

@testable import Gateway

// Requests of offices and of the people themselves, what was given, and a breach.

extension RecordedTown {
    func keepRegisters(_ people: [SampleCourse]) async throws {
        let participant = people[19].participant
        try await answerOffices(on: participant)
        try await answerPeople(participant)
        try await reportBreach()
        try await spreadTheWord()
    }

    private func answerOffices(on participant: ParticipantID) async throws {
        let (registrar, head) = (SampleStaff.registrar, SampleStaff.head)
        try await call(
            EnterLegalRequest(
                id: id(71), participant: participant,
                asked: LegalAsk(
                    authority: .court, office: "PN Kraksaan (contoh)", letterNumber: "W14/1/2026",
                    letterOn: day(-2), basis: .courtOrder, citation: "Penetapan 3/2026 (contoh)",
                    sections: [.program, .clinical], from: day(-100), through: day(-1),
                    purpose: "pembuktian")), as: registrar)
        try await call(
            DecideLegalRequest(
                request: id(71), outcome: .partly, sections: [.program],
                ground: "yang klinis tidak perlu", through: day(5)), as: head)
        try await call(
            GiveOnLegalRequest(
                request: id(71), id: id(72), sections: [.program], document: "ringkasan-1",
                recipient: "Panitera (contoh)"), as: registrar)
        try await call(
            ListLegalRequests(participant: participant, undecided: false), as: head)
    }

    private func answerPeople(_ participant: ParticipantID) async throws {
        let (registrar, manager) = (SampleStaff.registrar, SampleStaff.manager)
        func enter(
            _ number: UInt64, _ kind: SubjectRequest.Kind, _ sections: [Section]? = nil
        ) async throws {
            try await call(
                EnterSubjectRequest(
                    id: id(number), participant: participant, kind: kind, channel: .paper,
                    words: "permintaan (contoh)", sections: sections,
                    receivedAt: Self.now.adding(seconds: -3600)), as: registrar)
        }
        try await enter(73, .copy)
        try await call(
            AnswerSubjectRequest(request: id(73), outcome: .granted, ground: "hak subjek"),
            as: manager)
        try await enter(74, .correction)
        try await call(
            AnswerSubjectRequest(
                request: id(74), outcome: .granted, ground: "sesuai akta",
                correction: AnsweredCorrection(
                    section: .identity, field: "birthDate", old: "1990-01-01", new: "1990-01-02",
                    reason: "salah ketik", record: "1", newRecord: "2")), as: manager)
        try await enter(75, .restriction, [.program, .counseling])
        try await call(
            AnswerSubjectRequest(
                request: id(75), outcome: .partly, ground: "yang lain masih perlu",
                sections: [.counseling]), as: manager)
        try await enter(76, .erasure)
        try await call(
            AnswerSubjectRequest(
                request: id(76), outcome: .refused, ground: "masih disimpan",
                retention: AnsweredRetention(law: "Permenkes 24/2022", until: day(9000))),
            as: manager)
        try await enter(77, .withdrawal)
        let consents = try await call(ListConsents(participant: participant), as: manager).consents
        if let consent = consents.first(where: { $0.kind == .dataSharing }) {
            try await call(
                RevokeConsent(consent: consent.id, day: day(0), reason: "none given"),
                as: registrar)
            try await call(
                AnswerSubjectRequest(
                    request: id(77), outcome: .granted, ground: "dicabut", consent: consent.id),
                as: manager)
        }
        try await spreadTheWord()
        try await call(LiftRestriction(request: id(75), reason: "atas permintaan"), as: manager)
        try await enter(78, .accessLog)
        try await call(ListSubjectRequests(participant: participant, due: false), as: registrar)
        try await call(
            RecordDisclosure(
                id: id(79), participant: participant, recipient: "peserta sendiri",
                sections: [.identity, .program], subjectRequest: id(73), document: "salinan-1"),
            as: registrar)
        try await call(ListDisclosures(participant: participant), as: registrar)
    }

    private func reportBreach() async throws {
        let (manager, head) = (SampleStaff.manager, SampleStaff.head)
        try await call(
            ReportBreach(
                id: id(80), facilityCode: SampleStaff.rutan.code,
                discoveredAt: Self.now.adding(seconds: -7200), data: "nama dan jadwal"),
            as: manager)
        try await call(
            StateBreach(
                breach: id(80), data: "nama", course: "surel salah kirim", handling: "ditarik",
                people: 2), as: manager)
        try await call(
            TellBreach(
                breach: id(80), to: .agency, channel: "surat",
                sentAt: Self.now.adding(seconds: -60)), as: head)
        try await call(
            ListBreaches(facilityCode: SampleStaff.rutan.code, open: true), as: manager)
        try await call(GetBreach(breach: id(80)), as: head)
    }
}
