import ClinicalAPI
import Foundation
import Instruments
import RPC
import RegistryAPI
import Vocabulary

/// One person whose every word is a canary, recorded by calls that succeed.
struct PlantedLife {
    let town: Town
    let canaries: Canaries
    let participant: ParticipantID = fresh()

    func plant() async throws {
        try await register()
        try await agree()
        try await treat()
    }

    private func register() async throws {
        _ = try await town.call(
            RegisterParticipant(
                id: participant,
                identity: ParticipantIdentity(
                    name: canaries.text(), aliases: [canaries.text()],
                    fatherName: canaries.text(), fingerprintNumber: canaries.text(),
                    nik: try canaries.nik(), sex: .male, birthDate: Day(text: "1990-01-01")),
                facilityCode: Town.rutan.code,
                register: RegisterEntry(
                    number: RegisterNumber(book: .b1, number: "1/2025"), from: town.day(-100)),
                sentenceMonths: 24, confirmDuplicate: true), as: .registrar)
        _ = try await town.call(
            AddAlias(participant: participant, alias: canaries.text()), as: .registrar)
        _ = try await town.call(
            SetRegisterF(participant: participant, entered: true, reason: canaries.text()),
            as: .registrar)
    }

    private func agree() async throws {
        let consent = Consent(
            id: fresh(), participant: participant, kind: .treatment, version: "3",
            scope: [.program, .clinical, .counseling], purpose: canaries.text(), language: "mad",
            signedOn: town.day(-20), expiresOn: town.day(300),
            witness: Witness(name: canaries.text(), relation: canaries.text()),
            guardian: canaries.text(),
            explanation: Explanation(explainedOn: town.day(-22), noPenaltyReadOut: true))
        _ = try await town.call(RecordConsent(consent: consent), as: .counselor)
        _ = try await town.call(
            RevokeConsent(
                consent: consent.id, day: town.day(0), reason: canaries.text(),
                sections: [.counseling]), as: .counselor)
        let item = RecordedItem(
            id: fresh(), participant: participant, aspect: .history, text: canaries.text(),
            recordedOn: town.day(-10), source: canaries.text())
        _ = try await town.call(RecordItem(item: item), as: .counselor)
    }

    private func treat() async throws {
        let note: NoteID = fresh()
        _ = try await town.onceHeard(
            WriteNote(
                id: note, participant: participant,
                at: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)),
                text: canaries.text()), as: .counselor, despite: [.participantUnknown])
        _ = try await town.call(
            AmendNote(note: note, text: canaries.text(), reason: canaries.text()), as: .counselor)
        let alert: AlertID = fresh()
        _ = try await town.call(
            RaiseAlert(id: alert, participant: participant, reason: canaries.text()),
            as: .counselor)
        _ = try await town.call(
            AcknowledgeAlert(alert: alert, action: canaries.text(), watchThrough: town.day(3)),
            as: .psychologist)
        _ = try await town.call(
            RecordAssessment(
                id: fresh(), participant: participant, day: town.day(-1),
                severity: ASISeverity(drug: 5),
                substances: [
                    SubstanceUse(
                        substance: .other, otherName: canaries.text(), route: .smoked,
                        lengthMonths: 30, primary: true)
                ], recommendation: .social, recommendationReason: canaries.text()), as: .counselor)
    }
}
