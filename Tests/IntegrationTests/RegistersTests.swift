import ClinicalAPI
import EvaluationAPI
import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("What leaves, and who must be told, by the command", .timeLimit(.minutes(2)))
struct RegistersTests {
    private func prepare() async throws -> (Town, ParticipantID) {
        let town = try await Town()
        let admission = try Admission(await MasterData.record(in: town))
        _ = try await admission.record(in: town)
        // The others hear of the person by the feed.
        _ = try await town.onceHeard(
            EvaluationTimeline(participant: admission.participant), as: .counselor, despite: [])
        _ = try await town.onceHeard(
            GetPlan(participant: admission.participant), as: .counselor, despite: [])
        return (town, admission.participant)
    }

    @Test("a dossier leaves under a consent that names who gets it, and is entered first")
    func handOut() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let consent = Consent(
            id: fresh(), participant: participant, kind: .dataSharing, version: "DS-1",
            scope: [.identity, .legal, .program, .clinical], purpose: "pendampingan",
            recipients: ["Bapas Jember"], language: "id", signedOn: town.day(-1),
            expiresOn: town.day(30), witness: Witness(name: "Pendamping", relation: "legal aid"),
            explanation: Explanation(explainedOn: town.day(-3), noPenaltyReadOut: true))
        _ = try await town.call(RecordConsent(consent: consent), as: .counselor)
        let command = try PulihCommand(town.cluster, as: .physician)
        let other = try await command.run(
            "dossier", "\(participant)", "--hand-out", "Pers", "--consent", "\(consent.id)")
        #expect(other.status == 4 && other.notes.contains("recipient-not-named"))
        #expect(other.output.isEmpty)
        let list = ListDisclosures(participant: participant)
        #expect(try await town.call(list, as: .registrar).disclosures.isEmpty)

        let given = try await command.run(
            "dossier", "\(participant)", "--hand-out", "Bapas Jember", "--consent",
            "\(consent.id)")
        #expect(given.status == 0, "\(given.notes)")
        #expect(given.output.hasPrefix("PEMBERITAHUAN"))
        #expect(given.output.contains("diberikan kepada Bapas Jember"))
        let disclosures = try await town.call(list, as: .registrar).disclosures
        #expect(disclosures.map(\.consent) == [consent.id])
        let document = try #require(disclosures.first?.document)
        #expect(given.output.contains(document))
        let unbased = try await command.run("dossier", "\(participant)", "--hand-out", "Pers")
        #expect(unbased.status == 2)
    }

    @Test("a person gets a copy from all services, once it is granted")
    func copy() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let asked = try await town.call(
            EnterSubjectRequest(
                id: fresh(), participant: participant, kind: .copy, channel: .paper,
                words: "saya minta salinan"), as: .registrar)
        let command = try PulihCommand(town.cluster, as: .physician)
        let arguments = ["participant", "copy", "\(participant)", "--request", "\(asked.id)"]
        let early = try await command.run(arguments)
        #expect(early.status == 4 && early.notes.contains("subject-request-not-granted"))
        _ = try await town.call(
            AnswerSubjectRequest(request: asked.id, outcome: .granted, ground: "hak subjek"),
            as: .programManager)
        let copy = try await command.run(arguments)
        #expect(copy.status == 0, "\(copy.notes)")
        #expect(copy.output.contains("PERSETUJUAN (registry)"))
        #expect(copy.output.contains("TES URINE (clinical)"))
        #expect(copy.output.contains("EVALUASI (evaluation)"))
        #expect(copy.output.contains("diberikan kepada peserta sendiri"))
        // Reading it is on the person's log, for the purpose that it was.
        let log = try await PulihCommand(town.cluster, as: .facilityHead).run(
            "access-log", "\(participant)", "-o", "csv")
        #expect(log.output.contains("clinical.note.list,read,counseling,PATRQT"), "\(log.output)")
    }

    @Test("a letter about a breach is printed when its three contents are stated")
    func letter() async throws {
        let town = try await Town()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        _ = try await MasterData.record(in: town)
        let command = try PulihCommand(town.cluster, as: .programManager)
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        let id: BreachID = fresh()
        let reported = try await command.run(
            "breach", "report", "id=\(id)", "facilityCode=\(Town.rutan.code)",
            "discoveredAt=\(now.adding(seconds: -60))", "data=nama dan jadwal")
        #expect(reported.status == 0, "\(reported.notes)")
        let early = try await command.run("breach", "letter", "\(id)")
        #expect(early.status == 4 && early.notes.contains("(course, handling)"))
        let stated = try await command.run(
            "breach", "state", "breach=\(id)", "course=surel salah kirim", "handling=ditarik")
        #expect(stated.status == 0, "\(stated.notes)")
        let letter = try await command.run("breach", "letter", "\(id)", "--to", "Budi")
        #expect(letter.status == 0, "\(letter.notes)")
        #expect(letter.output.contains("Kepada Yth.: Budi"))
        #expect(letter.output.contains("ditarik"))
        let list = try await command.run("breach", "list", "open=true", "-o", "json")
        #expect(list.output.contains("\"hoursLeft\": 71"), "\(list.output)")
    }
}
