package import Instruments
package import Vocabulary

// What one service tells another outlives the versions of both. So every word of an enumeration is
// `Open` here: who follows may be older, and keeps a word that it does not know.

/// How much harm a use is likely to do, as the ASSIST bands it.
package enum RiskBand: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    case low
    case moderate
    case high

    package static func < (one: RiskBand, other: RiskBand) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .low: 0
        case .moderate: 1
        case .high: 2
        }
    }
}

/// What the registry learns of a screening: the bands that its entry rules ask for.
package struct ScreeningSummary: Codable, Hashable, Sendable {
    /// The band of one scale, as the questionnaire names both.
    package struct Band: Codable, Hashable, Sendable {
        package let scale: String
        package let band: String

        package init(scale: String, band: String) {
            self.scale = scale
            self.band = band
        }
    }

    package let administration: AdministrationID
    package let participant: ParticipantID
    package let day: Day
    package let instrument: Open<InstrumentCode>
    package let bands: [Band]
    /// The worst band over all substances but alcohol and tobacco; nil but for the ASSIST, and
    /// where no such substance could be scored.
    package let highestDrugBand: Open<RiskBand>?
    /// The administration that this one corrects, whose summary no longer stands.
    package let replaces: AdministrationID?

    package init(
        administration: AdministrationID, participant: ParticipantID, day: Day,
        instrument: InstrumentCode, bands: [Band], highestDrugBand: RiskBand?,
        replaces: AdministrationID?
    ) {
        self.administration = administration
        self.participant = participant
        self.day = day
        self.instrument = Open(instrument)
        self.bands = bands
        self.highestDrugBand = highestDrugBand.map(Open.init)
        self.replaces = replaces
    }
}

/// What the evaluation learns of an administration: its scores, without the answers.
package struct ScoreSummary: Codable, Hashable, Sendable {
    /// One scale, as a ``Score`` has it.
    package struct Line: Codable, Hashable, Sendable {
        package let scale: String
        package let value: Double?
        package let status: Open<ScoreStatus>
        package let band: String?

        package init(_ score: Score) {
            scale = score.scale
            value = score.value
            status = Open(score.status)
            band = score.band
        }
    }

    package let administration: AdministrationID
    package let participant: ParticipantID
    package let enrollment: EnrollmentID?
    package let instrument: Open<InstrumentCode>
    package let version: String
    package let occasion: Open<Administration.Occasion>
    package let mode: Open<Administration.Mode>
    package let window: Open<Administration.Window>?
    package let day: Day
    /// For the rule that nobody evaluates whom they treat.
    package let assessor: StaffReference
    package let scores: [Line]
    /// The administration that this one corrects, whose summary no longer stands.
    package let replaces: AdministrationID?

    package init(
        administration: AdministrationID, participant: ParticipantID, enrollment: EnrollmentID?,
        instrument: InstrumentCode, version: String, occasion: Administration.Occasion,
        mode: Administration.Mode, window: Administration.Window?, day: Day,
        assessor: StaffReference, scores: [Score], replaces: AdministrationID?
    ) {
        self.administration = administration
        self.participant = participant
        self.enrollment = enrollment
        self.instrument = Open(instrument)
        self.version = version
        self.occasion = Open(occasion)
        self.mode = Open(mode)
        self.window = window.map(Open.init)
        self.day = day
        self.assessor = assessor
        self.scores = scores.map(Line.init)
        self.replaces = replaces
    }
}

/// What the evaluation learns of a session: who was there, without what was done.
///
/// One body holds the whole session, so that it is applied at once or not at all.
package struct AttendanceSummary: Codable, Hashable, Sendable {
    /// What an absence means, without its reason.
    package enum Presence: String, Codable, Hashable, Sendable, CaseIterable {
        case present
        case excused
        case countsAgainst = "counts-against"
    }

    package struct Line: Codable, Hashable, Sendable {
        package let participant: ParticipantID
        package let presence: Open<Presence>

        package init(participant: ParticipantID, presence: Presence) {
            self.participant = participant
            self.presence = Open(presence)
        }
    }

    package let session: SessionID
    package let domain: Open<SessionDomain>
    package let status: Open<Session.Status>
    package let day: Day
    package let at: Timestamp
    package let durationMinutes: Int
    package let facilitator: StaffReference
    /// Who was expected, whatever became of the session.
    package let expected: [ParticipantID]
    /// Empty unless held; who was on hold that day has no line.
    package let lines: [Line]
    /// When the sheet was recorded, for the indicators of fidelity.
    package let closedAt: Timestamp?

    package init(
        session: SessionID, domain: SessionDomain, status: Session.Status, day: Day,
        at: Timestamp, durationMinutes: Int, facilitator: StaffReference,
        expected: [ParticipantID], lines: [Line], closedAt: Timestamp?
    ) {
        self.session = session
        self.domain = Open(domain)
        self.status = Open(status)
        self.day = day
        self.at = at
        self.durationMinutes = durationMinutes
        self.facilitator = facilitator
        self.expected = expected
        self.lines = lines
        self.closedAt = closedAt
    }
}

/// What the evaluation learns of a clinical urine test; tests for security never reach it.
package struct UrineSummary: Codable, Hashable, Sendable {
    package enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
        case negative
        /// Positive on the screen, and the laboratory has not spoken.
        case presumptivePositive = "presumptive-positive"
        case confirmedPositive = "confirmed-positive"
        /// Positive on the screen, and the laboratory found nothing.
        case notConfirmed = "not-confirmed"
        case invalid
        case refused
        case missed
    }

    package let test: UrineTestID
    package let participant: ParticipantID
    package let day: Day
    package let occasion: Open<UrineTest.Occasion>
    /// The worst over the panel.
    package let verdict: Open<Verdict>
    /// Positive on the screen, and not cleared by the laboratory.
    package let positives: [Open<Analyte>]

    package init(
        test: UrineTestID, participant: ParticipantID, day: Day, occasion: UrineTest.Occasion,
        verdict: Verdict, positives: [Analyte]
    ) {
        self.test = test
        self.participant = participant
        self.day = day
        self.occasion = Open(occasion)
        self.verdict = Open(verdict)
        self.positives = positives.map(Open.init)
    }
}

/// What the registry learns of a urine test: that there was one, for the entry rule that asks.
///
/// Its result stays here.
package struct UrineTestDay: Codable, Hashable, Sendable {
    package let test: UrineTestID
    package let participant: ParticipantID
    package let day: Day

    package init(test: UrineTestID, participant: ParticipantID, day: Day) {
        self.test = test
        self.participant = participant
        self.day = day
    }
}
