import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("A counseling note")
struct NotesTests {
    private func write(
        _ text: String = "Ia bercerita.\nIa tenang.", of participant: ParticipantID = Scene.ani,
        in session: SessionID? = nil, recorded: Session? = nil, existing: Note? = nil,
        at time: Timestamp = Scene.at(100), by signatory: Signatory = Scene.counselor
    ) throws -> Change<Note> {
        try NoteRules.write(
            WriteNote(
                id: Scene.id(1), participant: participant, session: session, at: time, text: text),
            existing: existing, session: recorded, facts: Scene.facts, by: signatory,
            Scene.moment)
    }

    private func amend(
        _ note: Note, _ text: String, because reason: String = "salah nama",
        by signatory: Signatory = Scene.counselor
    ) throws -> Change<Note> {
        try NoteRules.amend(
            AmendNote(note: note.id, text: text, reason: reason), note: note, by: signatory,
            Scene.moment)
    }

    @Test("is written once, by its author")
    func written() throws {
        let note = try write().record
        #expect(note.author == Scene.counselor)
        #expect(note.writtenAt == Scene.moment.now)
        #expect(note.text == "Ia bercerita.\nIa tenang.")
        #expect(try write(existing: note) == .unchanged(note))
        #expect(throws: Refused(WriteNote.Refusal.idTaken)) { try write("lain", existing: note) }
        #expect(throws: Refused(WriteNote.Refusal.idTaken)) {
            try write(existing: note, by: Scene.colleague)
        }
    }

    @Test("names a session only of its participant")
    func session() throws {
        let theirs = try Scene.session(5, Scene.plan(of: [Scene.ani]))
        let note = try write(in: theirs.id, recorded: theirs).record
        #expect(note.session == theirs.id)
        #expect(throws: Refused(WriteNote.Refusal.sessionUnknown)) { try write(in: theirs.id) }
        #expect(throws: Refused(WriteNote.Refusal.notInSession)) {
            try write(of: Scene.budi, in: theirs.id, recorded: theirs)
        }
        #expect(throws: Refused(WriteNote.Refusal.participantUnknown)) {
            try write(of: Scene.stranger)
        }
    }

    @Test("has 1 to 20,000 characters, none of them for control, of a time that has come")
    func input() throws {
        _ = try write(String(repeating: "é", count: 20_000))
        for text in [String(repeating: "é", count: 20_001), "", "\n ", "a\u{0}", "a\u{2028}b"] {
            let error = #expect(throws: InvalidInput.self) { try write(text) }
            #expect(error?.field == "text")
        }
        let error = #expect(throws: InvalidInput.self) { try write(at: Scene.at(100, hour: 13)) }
        #expect(error?.field == "at")
    }

    @Test("is amended with a reason, and its history is kept")
    func amended() throws {
        let note = try write("Ani").record
        let second = try amend(note, "Anis").record
        let third = try amend(second, "Anisa", because: "nama lengkap").record
        #expect(third.text == "Anisa")
        #expect(third.firstText == "Ani")
        #expect(third.amendments.map(\.text) == ["Anis", "Anisa"])
        #expect(third.amendments.map(\.reason) == ["salah nama", "nama lengkap"])
        #expect(try amend(second, "Anis") == .unchanged(second))
    }

    @Test("is amended by its author alone, with a reason, to something else")
    func notAmended() throws {
        let note = try write("Ani").record
        #expect(throws: Refused(AmendNote.Refusal.notTheAuthor)) {
            try amend(note, "Anis", by: Scene.colleague)
        }
        #expect(throws: Refused(AmendNote.Refusal.nothingChanged)) { try amend(note, "Ani") }
        let error = #expect(throws: InvalidInput.self) { try amend(note, "Anis", because: "") }
        #expect(error?.field == "reason")
    }

    @Test("is listed by person and session, the oldest first")
    func list() throws {
        let session = try Scene.session(5)
        let late = try write(in: session.id, recorded: session).record
        let early = Note(
            id: Scene.id(2), participant: Scene.ani, session: nil, kind: .crisis,
            author: Scene.counselor, at: Scene.at(3), writtenAt: Scene.at(3), firstText: "x")
        let list = NoteRules.list(ListNotes(participant: Scene.ani), of: [late, early])
        #expect(list == [early, late])
        let inSession = ListNotes(participant: Scene.ani, session: session.id)
        #expect(NoteRules.list(inSession, of: [late, early]) == [late])
        #expect(NoteRules.list(ListNotes(participant: Scene.budi), of: [late]).isEmpty)
    }
}
