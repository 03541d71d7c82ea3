package import ClinicalAPI
import RPC
import Vocabulary

/// Decides what becomes of a note.
package enum NoteRules {
    private static let longest = 20_000

    /// Writes a note.
    ///
    /// `existing` is the note that has the call's id; `session` the one that the call names,
    /// where it is recorded.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<WriteNote.Refusal>`.
    package static func write(
        _ call: WriteNote, existing: Note?, session: Session?, facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Note> {
        typealias Refusal = Refused<WriteNote.Refusal>
        if let existing {
            guard isSame(existing, call, signatory) else { throw Refusal(.idTaken) }
            return .unchanged(existing)
        }
        try Input.text(call.text, "text", atMost: longest, multiline: true)
        try Input.past(call.at, "at", moment)
        guard facts.knows(call.participant) else { throw Refusal(.participantUnknown) }
        if let named = call.session {
            guard let session, session.id == named else { throw Refusal(.sessionUnknown) }
            guard session.participants.contains(call.participant) else {
                throw Refusal(.notInSession)
            }
        }
        return .store(
            Note(
                id: call.id, participant: call.participant, session: call.session,
                kind: call.kind, author: signatory, at: call.at, writtenAt: moment.now,
                firstText: call.text))
    }

    /// Amends a note.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<AmendNote.Refusal>`.
    package static func amend(
        _ call: AmendNote, note: Note, by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Note> {
        typealias Refusal = Refused<AmendNote.Refusal>
        try Input.text(call.text, "text", atMost: longest, multiline: true)
        try Input.text(call.reason, "reason")
        guard note.author.staff == signatory.staff else { throw Refusal(.notTheAuthor) }
        if let last = note.amendments.last, last.text == call.text, last.reason == call.reason {
            return .unchanged(note)
        }
        guard note.text != call.text else { throw Refusal(.nothingChanged) }
        guard note.amendments.count < 100 else {
            throw InvalidInput("text", "a note is amended at most 100 times; write a new one")
        }
        var amended = note
        amended.amendments.append(
            Note.Amendment(
                text: call.text, reason: call.reason, by: signatory, at: moment.now))
        return .store(amended)
    }

    /// What a list of notes shows, the oldest first.
    package static func list(
        _ call: ListNotes, of notes: [Note], merges: Merges = Merges()
    ) -> [Note] {
        notes.filter { note in
            merges.isSame(note.participant, call.participant)
                && (call.session.map { $0 == note.session } ?? true)
        }
        .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    private static func isSame(_ note: Note, _ call: WriteNote, _ by: Signatory) -> Bool {
        note.participant == call.participant && note.session == call.session
            && note.kind == call.kind && note.at == call.at && note.firstText == call.text
            && note.author.staff == by.staff
    }
}
