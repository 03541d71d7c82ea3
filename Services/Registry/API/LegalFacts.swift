package import RPC
package import Vocabulary

/// How the law holds somebody: the section `legal`.
package struct LegalFacts: Codable, Hashable, Sendable {
    /// Every register book they stood in, the oldest first; never overwritten.
    package var register: [RegisterEntry]
    package var caseArticles: [CaseArticle]
    /// The sentence as it stands; absent before the verdict.
    package var sentenceMonths: Int?
    /// In the order they were recorded; a later one of a kind takes the place of an earlier.
    package var releaseDates: [ReleaseDate]
    /// Whether there is an entry in the disciplinary register F.
    package var registerF: Bool

    package init(
        register: [RegisterEntry], caseArticles: [CaseArticle] = [], sentenceMonths: Int? = nil,
        releaseDates: [ReleaseDate] = [], registerF: Bool = false
    ) {
        self.register = register
        self.caseArticles = caseArticles
        self.sentenceMonths = sentenceMonths
        self.releaseDates = releaseDates
        self.registerF = registerF
    }
}

/// The time somebody stood in one register book under one number.
package struct RegisterEntry: Codable, Hashable, Sendable {
    package let number: RegisterNumber
    package let from: Day
    /// The day they left the book; absent while they stand in it.
    package var until: Day?

    package init(number: RegisterNumber, from: Day, until: Day? = nil) {
        self.number = number
        self.from = from
        self.until = until
    }
}

/// An article of law in somebody's case.
package struct CaseArticle: Codable, Hashable, Sendable {
    /// The article, beginning with its number: `127` or `127 ayat (1) huruf a`.
    package let code: String
    /// As the table of case codes writes it, such as `UU 35/2009`.
    package let law: String
    package let offenseOn: Day?

    package init(code: String, law: String, offenseOn: Day? = nil) {
        self.code = code
        self.law = law
        self.offenseOn = offenseOn
    }
}

/// One of the dates, or shifts of a date, that decide when somebody leaves custody.
package struct ReleaseDate: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The end of a detention order or its extension: has a date, an authority, a letter.
        case detentionExpiry = "detention-expiry"
        /// The end of the sentence before remissions: has a date.
        case sentenceExpiry = "sentence-expiry"
        /// Has days, which come off the end of the sentence.
        case remission
        /// The day from which parole is possible: has a date.
        case twoThirds = "two-thirds"
        /// Has days, which are served after the sentence where a fine stays unpaid.
        case fineSubstitute = "fine-substitute"
    }

    package let kind: Kind
    /// Absent, with no days either, where the date of this kind no longer applies.
    package let date: Day?
    package let days: Int?
    /// Who ordered it.
    package let authority: String?
    /// The number of the letter.
    package let letter: String?
    package let recordedOn: Day

    package init(
        kind: Kind, date: Day? = nil, days: Int? = nil, authority: String? = nil,
        letter: String? = nil, recordedOn: Day
    ) {
        self.kind = kind
        self.date = date
        self.days = days
        self.authority = authority
        self.letter = letter
        self.recordedOn = recordedOn
    }
}

/// What a change of legal facts comes to.
package struct LegalChange: Codable, Hashable, Sendable {
    package let participant: Participant
    package let warnings: [ParticipantWarning]

    package init(participant: Participant, warnings: [ParticipantWarning]) {
        self.participant = participant
        self.warnings = warnings
    }
}

/// Moves somebody to another register book, and so perhaps to another legal status.
///
/// For somebody who was released it records their return to custody.
package struct MoveRegister: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.move-register"
    package static let access = Access(roles: .registration)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalChange

    package let participant: ParticipantID
    package let number: RegisterNumber
    package let from: Day
    /// Where they are held from then on, where that changes too.
    package let facilityCode: String?

    package init(
        participant: ParticipantID, number: RegisterNumber, from: Day, facilityCode: String? = nil
    ) {
        self.participant = participant
        self.number = number
        self.from = from
        self.facilityCode = facilityCode
    }

    package enum Refusal: String, RPCRefusal {
        case bookDoesNotFit = "book-does-not-fit-sentence"
        case alreadyThere = "already-in-this-book"
        case deceased
        case merged = "merged-record"
        case facilityUnknown = "facility-unknown"

        package var explanation: String {
            switch self {
            case .bookDoesNotFit:
                "B.I holds sentences over 12 months, B.IIa over 3 and up to 12, B.IIb up to 3; "
                    + "check the book, or record the sentence first"
            case .alreadyThere: "the person already stands in this book under this number"
            case .deceased: "the person has died; their register history is closed"
            case .merged: "the record is merged into another; change the one that stands"
            case .facilityUnknown:
                "no facility has this code; an administrator must add the facility first"
            }
        }
    }
}

/// Records the sentence and the articles of the verdict.
///
/// Warns where the register book no longer fits, which a move to the right book then mends.
package struct SetSentence: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.set-sentence"
    package static let access = Access(roles: .registration)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalChange

    package let participant: ParticipantID
    package let sentenceMonths: Int
    /// Takes the place of the recorded articles; absent where they stay.
    package let caseArticles: [CaseArticle]?

    package init(
        participant: ParticipantID, sentenceMonths: Int, caseArticles: [CaseArticle]? = nil
    ) {
        self.participant = participant
        self.sentenceMonths = sentenceMonths
        self.caseArticles = caseArticles
    }

    package enum Refusal: String, RPCRefusal {
        case articleUnknown = "article-unknown"

        package var explanation: String {
            "the table of case articles does not have this article; check law and number"
        }
    }
}

/// Records one more date, extension or remission that decides the release.
package struct SetReleaseDate: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.set-release-date"
    package static let access = Access(roles: .registration)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalChange

    package let participant: ParticipantID
    package let releaseDate: ReleaseDate

    package init(participant: ParticipantID, releaseDate: ReleaseDate) {
        self.participant = participant
        self.releaseDate = releaseDate
    }
}

/// Records that somebody was entered into, or struck from, the disciplinary register F.
package struct SetRegisterF: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.set-register-f"
    package static let access = Access(roles: .registration)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = LegalChange

    package let participant: ParticipantID
    package let entered: Bool
    package let reason: String

    package init(participant: ParticipantID, entered: Bool, reason: String) {
        self.participant = participant
        self.entered = entered
        self.reason = reason
    }
}

/// How the law holds one participant, and where: without who they are.
package struct LegalStanding: Codable, Hashable, Sendable {
    package let participant: ParticipantID
    package let legal: LegalFacts
    /// Where they are held, or were held last.
    package let facilityCode: String
    /// The oldest first.
    package let placements: [Placement]
    package let releases: [Release]
    package let diedOn: Day?

    package init(_ participant: Participant) {
        self.participant = participant.id
        legal = participant.legal
        facilityCode = participant.facilityCode
        placements = participant.placements
        releases = participant.releases
        diedOn = participant.diedOn
    }
}

/// Shows how the law holds a participant.
///
/// ``GetParticipant`` shows it too, beside who they are: this is for whoever may be told the one
/// without the other, as on a request that was granted for `legal` alone.
package struct GetLegalStanding: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.legal"
    package static let access = GetParticipant.access
    package static let section = Section.legal
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = LegalStanding

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }
}
