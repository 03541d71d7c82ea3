/// How far a score may be relied on.
package enum ScoreStatus: String, Codable, Hashable, Sendable, CaseIterable {
    /// Every item that it needs was answered.
    case complete
    /// Missing items were replaced as the questionnaire's rules allow.
    case prorated
    /// It cannot be computed from these answers; there is no value.
    case invalid
    /// The questionnaire does not ask it of this person; there is no value.
    case notApplicable = "not-applicable"
}

/// One scale of a questionnaire for one person, with what it may be relied on for.
package struct Score: Codable, Hashable, Sendable {
    /// Such as `whoqol-bref.social`: the instrument's code, a dot, and the scale.
    package let scale: String
    /// In the scale's own units; nil exactly where the status is invalid or not applicable.
    package let value: Double?
    package let status: ScoreStatus
    /// The named range in which the value lies, where the instrument has any.
    package let band: String?

    package init(scale: String, value: Double?, status: ScoreStatus, band: String? = nil) {
        self.scale = scale
        self.value = value
        self.status = status
        self.band = band
    }
}

extension Score {
    static func complete(_ scale: String, _ value: Int, band: String? = nil) -> Score {
        Score(scale: scale, value: Double(value), status: .complete, band: band)
    }

    static func invalid(_ scale: String) -> Score {
        Score(scale: scale, value: nil, status: .invalid)
    }

    static func notApplicable(_ scale: String) -> Score {
        Score(scale: scale, value: nil, status: .notApplicable)
    }
}

/// An answer that somebody must act on, whatever the total is.
package enum ScoreAlert: String, Codable, Hashable, Sendable, CaseIterable {
    /// PHQ-9 item 9 was answered with anything but "not at all": see the person the same day.
    case suicideRisk = "suicide-risk"
    /// The ASSIST found injecting in the past three months.
    case injectingRisk = "injecting-risk"
}

/// Everything that one set of answers comes to.
package struct ScoreSheet: Codable, Hashable, Sendable {
    package let instrument: InstrumentCode
    /// Of the scoring key that was used.
    package let version: String
    /// Every scale of the instrument once, in a fixed order, those without a value too.
    package let scores: [Score]
    package let alerts: [ScoreAlert]

    /// The score of a scale; nil where the instrument has no such scale.
    package subscript(scale: String) -> Score? { scores.first { $0.scale == scale } }

    package init(
        instrument: InstrumentCode, version: String, scores: [Score], alerts: [ScoreAlert] = []
    ) {
        self.instrument = instrument
        self.version = version
        self.scores = scores
        self.alerts = alerts
    }
}
