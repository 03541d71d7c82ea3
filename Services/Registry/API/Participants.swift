package import RPC
package import Vocabulary

/// A person in custody who takes part, may take part, or took part.
///
/// What identifies them and their legal facts stand in two parts, because they belong to two
/// sections.
package struct Participant: Codable, Hashable, Sendable {
    package let id: ParticipantID
    package var identity: ParticipantIdentity
    package var legal: LegalFacts
    /// Where they are held, or were held last.
    package var facilityCode: String
    /// The blocks they lived in, the oldest first.
    package var placements: [Placement]
    /// The releases from custody, the oldest first.
    package var releases: [Release]
    package var diedOn: Day?
    /// The record of the same person that stands for this one too.
    package var mergedInto: ParticipantID?
    /// Records that look alike and belong to somebody else, as a person has confirmed.
    package var distinctFrom: [ParticipantID]?
    /// What stands for the name where names are not shown; made from the id where absent.
    package var pseudonym: String?
    /// Whether the record was imported from an earlier cohort, and so was never checked.
    package let historical: Bool

    package init(
        id: ParticipantID, identity: ParticipantIdentity, legal: LegalFacts, facilityCode: String,
        placements: [Placement] = [], releases: [Release] = [], diedOn: Day? = nil,
        mergedInto: ParticipantID? = nil, distinctFrom: [ParticipantID]? = nil,
        pseudonym: String? = nil, historical: Bool = false
    ) {
        self.id = id
        self.identity = identity
        self.legal = legal
        self.facilityCode = facilityCode
        self.placements = placements
        self.releases = releases
        self.diedOn = diedOn
        self.mergedInto = mergedInto
        self.distinctFrom = distinctFrom
        self.pseudonym = pseudonym
        self.historical = historical
    }
}

/// Who somebody is: the section `identity`.
package struct ParticipantIdentity: Codable, Hashable, Sendable {
    /// For an imported record without a name, its pseudonym, or else its key in the source.
    package var name: String
    package var aliases: [String]
    package var fatherName: String?
    /// The number of the fingerprint card.
    package var fingerprintNumber: String?
    package var nik: NationalID?
    /// Why there is no NIK; needed where there is none.
    package var nikUnknownReason: String?
    /// The last four digits of the NIK, which replies show in its place; absent in requests.
    package var nikEnd: String?
    package var sex: Sex
    package var birthDate: Day?
    /// Where only the year, or an age, is known.
    package var birthYear: Int?

    package init(
        name: String, aliases: [String] = [], fatherName: String? = nil,
        fingerprintNumber: String? = nil, nik: NationalID? = nil, nikUnknownReason: String? = nil,
        sex: Sex, birthDate: Day? = nil, birthYear: Int? = nil
    ) {
        self.name = name
        self.aliases = aliases
        self.fatherName = fatherName
        self.fingerprintNumber = fingerprintNumber
        self.nik = nik
        self.nikUnknownReason = nikUnknownReason
        self.sex = sex
        self.birthDate = birthDate
        self.birthYear = birthYear
    }
}

/// Something a person should look at; it does not stand in the way.
package enum ParticipantWarning: String, Codable, Hashable, Sendable, CaseIterable {
    case nikSexDiffers = "nik-sex-differs"
    case nikBirthDateDiffers = "nik-birth-date-differs"
    case birthDateUnknown = "birth-date-unknown"
    /// Under 18: a guardian consents, and children's rules apply.
    case minor
    case possibleDuplicate = "possible-duplicate"
    /// The article was not in force on the day of the offense. The more lenient of an old and a
    /// new law may still apply.
    case articleNotInForce = "article-not-in-force"
    /// The sentence belongs into another register book.
    case bookDoesNotFitSentence = "book-does-not-fit-sentence"
    /// A convict moved back to a book for detainees: another case, or a slip.
    case backToDetention = "back-to-detention"
}

/// Registers a person who may take part.
package struct RegisterParticipant: RPCMethod {
    package static let name: MethodName = "registry.participant.register"
    package static let access = Access(roles: .registration)
    package static let section = Section.identity
    package static let repeatability = Repeatability.keyed

    package let id: ParticipantID
    package let identity: ParticipantIdentity
    package let facilityCode: String
    /// Where they stand in the register books now.
    package let register: RegisterEntry
    package let caseArticles: [CaseArticle]
    package let sentenceMonths: Int?
    package let releaseDates: [ReleaseDate]
    package let registerF: Bool
    /// Says that a person has looked at the exact duplicates and this is somebody else.
    package let confirmDuplicate: Bool

    package init(
        id: ParticipantID, identity: ParticipantIdentity, facilityCode: String,
        register: RegisterEntry, caseArticles: [CaseArticle] = [], sentenceMonths: Int? = nil,
        releaseDates: [ReleaseDate] = [], registerF: Bool = false, confirmDuplicate: Bool = false
    ) {
        self.id = id
        self.identity = identity
        self.facilityCode = facilityCode
        self.register = register
        self.caseArticles = caseArticles
        self.sentenceMonths = sentenceMonths
        self.releaseDates = releaseDates
        self.registerF = registerF
        self.confirmDuplicate = confirmDuplicate
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let participant: Participant
        package let warnings: [ParticipantWarning]
        package let duplicates: [Duplicate]

        package init(
            participant: Participant, warnings: [ParticipantWarning], duplicates: [Duplicate]
        ) {
            self.participant = participant
            self.warnings = warnings
            self.duplicates = duplicates
        }
    }

    package enum Refusal: String, RPCRefusal {
        case facilityUnknown = "facility-unknown"
        case articleUnknown = "article-unknown"
        case bookDoesNotFit = "book-does-not-fit-sentence"
        case duplicate = "exact-duplicate"
        case idTaken = "participant-id-taken"

        package var status: StatusCode {
            switch self {
            case .duplicate, .idTaken: .alreadyExists
            case .facilityUnknown, .articleUnknown, .bookDoesNotFit: .failedPrecondition
            }
        }

        package var explanation: String {
            switch self {
            case .facilityUnknown:
                "no facility has this code; an administrator must add the facility first"
            case .articleUnknown:
                "the table of case articles does not have this article; check law and number"
            case .bookDoesNotFit:
                "B.I holds sentences over 12 months, B.IIa over 3 and up to 12, B.IIb up to 3; "
                    + "check the book and the sentence"
            case .duplicate:
                "somebody with the same NIK or fingerprint number is registered; use that record, "
                    + "or confirm that this is another person"
            case .idTaken: "this id already names a participant with other content; make a new id"
            }
        }
    }
}

/// Shows one participant with all that identifies them.
package struct GetParticipant: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.get"
    package static let access = Access(roles: .identityReaders)
    package static let section = Section.identity
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = Participant

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }
}

/// Shows participants page by page, in the order of their ids.
package struct ListParticipants: RPCMethod {
    package static let name: MethodName = "registry.participant.list"
    package static let access = Access(roles: .identityReaders)
    package static let section = Section.identity
    package static let repeatability = Repeatability.readOnly

    package let facilityCode: String?
    package let status: LegalStatus?
    /// Part of a name or an alias, at least three letters.
    package let nameContains: String?
    /// Whether released and deceased people and merged records are shown too.
    package let includingGone: Bool
    /// The last id of the page before.
    package let after: ParticipantID?
    /// 1 to 500; 100 where absent.
    package let limit: Int?

    package init(
        facilityCode: String? = nil, status: LegalStatus? = nil, nameContains: String? = nil,
        includingGone: Bool = false, after: ParticipantID? = nil, limit: Int? = nil
    ) {
        self.facilityCode = facilityCode
        self.status = status
        self.nameContains = nameContains
        self.includingGone = includingGone
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let participants: [Participant]
        /// What to pass as `after` for the next page; absent on the last.
        package let next: ParticipantID?

        package init(participants: [Participant], next: ParticipantID?) {
            self.participants = participants
            self.next = next
        }
    }
}

extension Set<Role> {
    /// Who may know which person a record belongs to.
    package static let identityReaders: Self = Self.registration.union(Set.clinicians).union([
        .facilityHead, .security, .aftercareOfficer,
    ])
}

extension ListParticipants.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(participants.map(\.id)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(participants: participants.filter { mayBeSeen($0.id) }, next: next)
    }
}
