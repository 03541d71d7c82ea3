package import RPC
package import Vocabulary

/// What a clinician wrote down about a conversation.
///
/// It leaves this service for nobody. Its first text and every later one are kept.
package struct Note: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case counseling
        case crisis
        case family
        case other
    }

    /// A later text, and why it took the place of the one before.
    package struct Amendment: Codable, Hashable, Sendable {
        package let text: String
        package let reason: String
        package let by: Signatory
        package let at: Timestamp

        package init(text: String, reason: String, by: Signatory, at: Timestamp) {
            self.text = text
            self.reason = reason
            self.by = by
            self.at = at
        }
    }

    package let id: NoteID
    package let participant: ParticipantID
    package let session: SessionID?
    package let kind: Kind
    package let author: Signatory
    /// When the conversation was.
    package let at: Timestamp
    package let writtenAt: Timestamp
    /// As first written.
    package let firstText: String
    /// The oldest first.
    package var amendments: [Amendment]

    package init(
        id: NoteID, participant: ParticipantID, session: SessionID?, kind: Kind,
        author: Signatory, at: Timestamp, writtenAt: Timestamp, firstText: String,
        amendments: [Amendment] = []
    ) {
        self.id = id
        self.participant = participant
        self.session = session
        self.kind = kind
        self.author = author
        self.at = at
        self.writtenAt = writtenAt
        self.firstText = firstText
        self.amendments = amendments
    }

    /// The text that holds now.
    package var text: String { amendments.last?.text ?? firstText }
}

/// Writes a note.
package struct WriteNote: RPCMethod, AboutParticipant {
    package static let name: MethodName = "clinical.note.write"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.counseling
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Note

    package let id: NoteID
    package let participant: ParticipantID
    package let session: SessionID?
    package let kind: Note.Kind
    package let at: Timestamp
    /// At most 20,000 characters.
    package let text: String

    package init(
        id: NoteID, participant: ParticipantID, session: SessionID? = nil,
        kind: Note.Kind = .counseling, at: Timestamp, text: String
    ) {
        self.id = id
        self.participant = participant
        self.session = session
        self.kind = kind
        self.at = at
        self.text = text
    }

    package enum Refusal: String, RPCRefusal {
        case participantUnknown = "participant-unknown"
        case sessionUnknown = "session-unknown"
        case notInSession = "not-in-session"
        case idTaken = "note-id-taken"

        package var status: StatusCode {
            self == .idTaken ? .alreadyExists : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .participantUnknown:
                "the registry has not announced this participant; register the person first"
            case .sessionUnknown:
                "the session is not recorded; record it first, or leave the session out"
            case .notInSession:
                "the participant was not part of that session; name theirs or leave it out"
            case .idTaken: "this id already names another note; make a new id"
            }
        }
    }
}

/// Shows a participant's notes with their history, the oldest first.
package struct ListNotes: RPCMethod, AboutParticipant, ShowsSelfReport {
    package static let name: MethodName = "clinical.note.list"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.counseling
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID
    package let session: SessionID?

    package init(participant: ParticipantID, session: SessionID? = nil) {
        self.participant = participant
        self.session = session
    }

    package struct Reply: Codable, Hashable, Sendable, HoldsSelfReport {
        package let notes: [Note]

        package init(notes: [Note]) {
            self.notes = notes
        }

        /// By the westernmost clock, on which it is the day before the longest.
        package func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int) {
            without(notes, { isWalled($0.at.day(in: .wib)) }, Self.init)
        }
    }
}

/// Puts another text in the place of a note's, with the reason; what stood before is kept.
package struct AmendNote: RPCMethod {
    package static let name: MethodName = "clinical.note.amend"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.counseling
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Note

    package let note: NoteID
    package let text: String
    package let reason: String

    package init(note: NoteID, text: String, reason: String) {
        self.note = note
        self.text = text
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case notTheAuthor = "not-the-author"
        case nothingChanged = "nothing-changed"

        package var status: StatusCode {
            self == .notTheAuthor ? .permissionDenied : .failedPrecondition
        }

        package var explanation: String {
            switch self {
            case .notTheAuthor: "only its author amends a note; write a note of your own"
            case .nothingChanged: "the note already reads so; there is nothing to amend"
            }
        }
    }
}
