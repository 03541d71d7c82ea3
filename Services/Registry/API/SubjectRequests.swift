package import RPC
package import Vocabulary

/// A person's request about their own data, and every answer to it (UU 27/2022, articles 5 to 13).
package struct SubjectRequest: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// A copy of what is kept, or a look at it.
        case copy
        case correction
        /// That some of it be read no more.
        case restriction
        /// Taking back a consent.
        case withdrawal
        case erasure
        /// Who has looked at it.
        case accessLog = "access-log"
    }

    package enum Channel: String, Codable, Hashable, Sendable, CaseIterable {
        case paper
        case spoken
    }

    package let id: SubjectRequestID
    package let participant: ParticipantID
    package let kind: Kind
    package let channel: Channel
    /// What is asked, in the person's words.
    package let words: String
    /// What it is about; empty for everything.
    package let sections: [Section]
    package let receivedAt: Timestamp
    /// Until when it must be answered: 3 × 24 hours after it was received.
    package let dueAt: Timestamp
    package let entered: RegisterStep
    /// The oldest first; the last one holds.
    package var answers: [SubjectAnswer]
    /// When a granted restriction ended.
    package var lifted: RegisterStep?
    package var liftedFor: String?

    package init(
        id: SubjectRequestID, participant: ParticipantID, kind: Kind, channel: Channel,
        words: String, sections: [Section], receivedAt: Timestamp, dueAt: Timestamp,
        entered: RegisterStep, answers: [SubjectAnswer] = [], lifted: RegisterStep? = nil,
        liftedFor: String? = nil
    ) {
        self.id = id
        self.participant = participant
        self.kind = kind
        self.channel = channel
        self.words = words
        self.sections = sections
        self.receivedAt = receivedAt
        self.dueAt = dueAt
        self.entered = entered
        self.answers = answers
        self.lifted = lifted
        self.liftedFor = liftedFor
    }
}

/// What was answered to a person's request.
package struct SubjectAnswer: Codable, Hashable, Sendable {
    package let outcome: RequestOutcome
    package let ground: String
    /// What is granted; empty for all that was asked, or where nothing is.
    package let sections: [Section]
    package let correction: AnsweredCorrection?
    /// The consent that was taken back.
    package let consent: ConsentID?
    /// What is kept although its erasure was asked.
    package let retention: AnsweredRetention?
    package let answered: RegisterStep

    package init(
        outcome: RequestOutcome, ground: String, sections: [Section] = [],
        correction: AnsweredCorrection? = nil, consent: ConsentID? = nil,
        retention: AnsweredRetention? = nil, answered: RegisterStep
    ) {
        self.outcome = outcome
        self.ground = ground
        self.sections = sections
        self.correction = correction
        self.consent = consent
        self.retention = retention
        self.answered = answered
    }
}

/// What was corrected: the old stays beside the new, with the reason.
package struct AnsweredCorrection: Codable, Hashable, Sendable {
    package let section: Section
    /// What was corrected, such as `birthDate`.
    package let field: String
    /// Absent for what is clinical or was said in counseling: the clinical service keeps it, under
    /// the ids of the two records.
    package let old: String?
    package let new: String?
    package let reason: String
    /// The id of the record that was wrong, and of the one that stands for it now.
    package let record: String
    package let newRecord: String

    package init(
        section: Section, field: String, old: String? = nil, new: String? = nil, reason: String,
        record: String, newRecord: String
    ) {
        self.section = section
        self.field = field
        self.old = old
        self.new = new
        self.reason = reason
        self.record = record
        self.newRecord = newRecord
    }
}

/// Why something is kept although its erasure was asked, and until when.
package struct AnsweredRetention: Codable, Hashable, Sendable {
    /// The provision, such as `Permenkes 24/2022`.
    package let law: String
    package let until: Day

    package init(law: String, until: Day) {
        self.law = law
        self.until = until
    }
}

/// Enters a person's request, which an officer takes.
package struct EnterSubjectRequest: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.subjectrequest.enter"
    package static let access = Access(roles: Set.legalRegister.union(Set.clinicians))
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = SubjectRequest

    package let id: SubjectRequestID
    package let participant: ParticipantID
    package let kind: SubjectRequest.Kind
    package let channel: SubjectRequest.Channel
    package let words: String
    /// Needed for a restriction; absent for everything.
    package let sections: [Section]?
    /// When the officer got it; the moment of the call where absent.
    package let receivedAt: Timestamp?

    package init(
        id: SubjectRequestID, participant: ParticipantID, kind: SubjectRequest.Kind,
        channel: SubjectRequest.Channel, words: String, sections: [Section]? = nil,
        receivedAt: Timestamp? = nil
    ) {
        self.id = id
        self.participant = participant
        self.kind = kind
        self.channel = channel
        self.words = words
        self.sections = sections
        self.receivedAt = receivedAt
    }

    package enum Refusal: String, RPCRefusal {
        case idTaken = "subject-request-id-taken"
        case heldByLaw = "section-held-by-law"

        package var status: StatusCode { self == .idTaken ? .alreadyExists : .failedPrecondition }

        package var explanation: String {
            switch self {
            case .idTaken: "this id already names a request with other content; make a new id"
            case .heldByLaw:
                "who holds somebody in custody must read who they are and how the law holds them; "
                    + "program, clinical and counseling can be restricted"
            }
        }
    }
}

/// Answers a person's request, or answers it otherwise than before.
package struct AnswerSubjectRequest: RPCMethod {
    package static let name: MethodName = "registry.subjectrequest.answer"
    package static let access = Access(roles: .managers)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = SubjectRequest

    package let request: SubjectRequestID
    package let outcome: RequestOutcome
    package let ground: String
    /// What is granted, where that is less than was asked.
    package let sections: [Section]?
    /// What was corrected, where a correction is granted.
    package let correction: AnsweredCorrection?
    /// The consent that was taken back, where that was asked.
    package let consent: ConsentID?
    /// What law keeps, where an erasure is not granted in whole.
    package let retention: AnsweredRetention?

    package init(
        request: SubjectRequestID, outcome: RequestOutcome, ground: String,
        sections: [Section]? = nil, correction: AnsweredCorrection? = nil,
        consent: ConsentID? = nil, retention: AnsweredRetention? = nil
    ) {
        self.request = request
        self.outcome = outcome
        self.ground = ground
        self.sections = sections
        self.correction = correction
        self.consent = consent
        self.retention = retention
    }

    package enum Refusal: String, RPCRefusal {
        case notAsked = "section-not-asked"
        case withdrawalRefused = "withdrawal-not-refusable"
        case consentStands = "consent-still-stands"
        case correctionMissing = "correction-not-told"
        case retentionMissing = "retention-not-told"

        package var explanation: String {
            switch self {
            case .notAsked: "the person did not ask about this section"
            case .withdrawalRefused:
                "a consent may always be taken back: `pulih consent revoke`, then grant this"
            case .consentStands:
                "name the person's consent that was taken back; `pulih consent revoke` does it"
            case .correctionMissing:
                "a granted correction says what was wrong, what is right now, and why"
            case .retentionMissing:
                "where something is kept, the answer says which law keeps it and until when"
            }
        }
    }
}

/// Ends a granted restriction, because the person asks for it or its ground is gone.
package struct LiftRestriction: RPCMethod {
    package static let name: MethodName = "registry.subjectrequest.lift"
    package static let access = Access(roles: .managers)
    package static let section = Section.legal
    package static let repeatability = Repeatability.keyed
    package typealias Reply = SubjectRequest

    package let request: SubjectRequestID
    package let reason: String

    package init(request: SubjectRequestID, reason: String) {
        self.request = request
        self.reason = reason
    }

    package enum Refusal: String, RPCRefusal {
        case notRestricting = "nothing-restricted"

        package var explanation: String {
            "this request restricts nothing: it was not granted, or was lifted before"
        }
    }
}

/// Shows people's requests: those that wait the longest first, then those that are answered.
package struct ListSubjectRequests: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "registry.subjectrequest.list"
    package static let access = Access(roles: Set.legalRegister.union(Set.clinicians))
    package static let section = Section.legal
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID?
    /// Whether only those are shown that nobody has answered.
    package let due: Bool?

    package init(participant: ParticipantID? = nil, due: Bool? = nil) {
        self.participant = participant
        self.due = due
    }

    /// A request and its clock.
    package struct Line: Codable, Hashable, Sendable {
        /// Whole hours until it must be answered, negative after that; absent once it is.
        package let hoursLeft: Int?
        package let overdue: Bool
        /// The clock of the facility where the person is held, by which `dueOn` is read.
        package let zone: Zone
        package let dueOn: Day
        package let request: SubjectRequest

        package init(
            hoursLeft: Int?, overdue: Bool, zone: Zone, dueOn: Day, request: SubjectRequest
        ) {
            self.hoursLeft = hoursLeft
            self.overdue = overdue
            self.zone = zone
            self.dueOn = dueOn
            self.request = request
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let lines: [Line]

        package init(lines: [Line]) {
            self.lines = lines
        }
    }
}

extension ListSubjectRequests.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(lines.map(\.request.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(lines: lines.filter { mayBeSeen($0.request.participant) })
    }
}
