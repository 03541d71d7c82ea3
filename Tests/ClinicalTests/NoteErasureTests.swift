import ClinicalAPI
import ClinicalRules
import ClinicalServer
import RPC
import RegistryAPI
import Storage
import Testing
import Vocabulary

@Suite("Erasing counseling notes", .timeLimit(.minutes(1)))
struct NoteErasureTests {
    private let clinical: RunningClinical

    init() async throws {
        clinical = try RunningClinical()
        try await clinical.prepare()
    }

    private func write(_ number: UInt64, of participant: ParticipantID) async throws {
        try await clinical.call(
            WriteNote(
                id: Scene.id(number), participant: participant, at: Scene.at(100),
                text: "Ia bercerita."))
    }

    private func notes(of participant: ParticipantID) async throws -> [Note] {
        try await clinical.call(ListNotes(participant: participant)).notes
    }

    private func erase(_ participant: ParticipantID, holds: [String] = []) -> EraseNotes {
        EraseNotes(participant: participant, request: "H-3/2026", legalHolds: holds)
    }

    @Test("takes what was said about one person, and neither the record of it nor anybody else's")
    func erased() async throws {
        try await write(1, of: Scene.ani)
        try await write(2, of: Scene.budi)
        try await clinical.call(
            AmendNote(note: Scene.id(1), text: "Ia menangis.", reason: "salah dengar"))
        try await clinical.call(Requests.assess(1))
        let reply = try await clinical.call(erase(Scene.ani), as: Scene.physician)
        #expect(reply.positions.count == 1)
        let left = try await notes(of: Scene.ani)
        #expect(left.map(\.text) == ["erased"])
        #expect(left.map(\.amendments.isEmpty) == [true])
        #expect(left.map(\.author) == [Scene.counselor])
        #expect(try await notes(of: Scene.budi).map(\.text) == ["Ia bercerita."])
        let assessments = try await clinical.call(ListAssessments(participant: Scene.ani))
        #expect(assessments.assessments.count == 1)
        // A repeat with a key of its own changes nothing.
        #expect(try await clinical.call(erase(Scene.ani), as: Scene.physician) == reply)
        try await write(3, of: Scene.ani)
        #expect(Set(try await notes(of: Scene.ani).map(\.text)) == ["erased", "Ia bercerita."])
    }

    @Test("covers every record of the person")
    func merged() async throws {
        try await write(1, of: Scene.ani)
        try await write(2, of: Scene.budi)
        try await clinical.hear(
            .participant, RunningClinical.participant(Scene.ani, mergedInto: Scene.budi))
        let reply = try await clinical.call(erase(Scene.budi), as: Scene.physician)
        #expect(reply.positions.count == 2)
        #expect(try await notes(of: Scene.budi).map(\.text) == ["erased", "erased"])
    }

    @Test("is refused under a legal hold, for strangers, and to those who do not answer for it")
    func refused() async throws {
        try await write(1, of: Scene.ani)
        #expect(
            await clinical.refusal(erase(Scene.ani, holds: ["PN 5"]), as: Scene.physician)
                == .legalHold)
        #expect(await clinical.failure(erase(Scene.id(99)), as: Scene.physician)?.code == .notFound)
        #expect(await clinical.failure(erase(Scene.ani))?.code == .permissionDenied)
        #expect(try await notes(of: Scene.ani).map(\.text) == ["Ia bercerita."])
    }
}
