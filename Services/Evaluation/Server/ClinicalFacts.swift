internal import ClinicalAPI
internal import EvaluationAPI
internal import EvaluationRules
internal import Instruments
internal import Vocabulary

// The clinical service's words turned into the facts that the rules take. What belongs to no stay
// turns into nothing, and so does what a later version says in a word that is not known here: it
// counts neither for nor against anybody, until this service is as new and reads its copy again.

extension ScoreCopy {
    /// The scores that may be relied on.
    func facts(_ stays: StayLookup) -> [ScoreFact] {
        let occasion = ScoreFact.Occasion(score.occasion)
        let stay =
            score.enrollment
            ?? stays.stay(of: score.participant, on: score.day, isForStart: occasion == .start)
        guard let stay else { return [] }
        return score.scores.compactMap { line in
            guard line.status.known?.hasValue ?? false, let value = line.value else { return nil }
            return ScoreFact(
                enrollment: stay, scale: line.scale, occasion: occasion, day: score.day,
                value: value)
        }
    }

    var encounter: EncounterFact {
        EncounterFact(
            day: score.day, with: StaffMember(score.assessor),
            kind: score.occasion == .other ? .monitoring : .assessment)
    }
}

extension AttendanceCopy {
    /// The lines of a held session; where it was not held, that it was not, for all expected.
    func facts(_ stays: StayLookup) -> [AttendanceFact] {
        let lines: [(participant: ParticipantID, mark: AttendanceFact.Mark)] =
            switch session.status.known {
            case .scheduled, nil: []
            case .held:
                session.lines.compactMap { line in
                    line.presence.known.map { (line.participant, AttendanceFact.Mark($0)) }
                }
            case .missed, .cancelled: session.expected.map { ($0, .cancelled) }
            }
        return stays.attendance(on: session.day, type: session.domain.rawValue, lines)
    }

    /// That a person was expected or came; nil where neither.
    func encounter(with records: Set<ParticipantID>) -> EncounterFact? {
        let listed = session.expected + session.lines.map(\.participant)
        guard listed.contains(where: records.contains) else { return nil }
        return EncounterFact(
            day: session.day, with: StaffMember(session.facilitator),
            kind: session.status == .cancelled ? .sessionCalledOff : .session)
    }
}

extension UrineTestCopy {
    func fact(_ stays: StayLookup) -> UrineFact? {
        guard let verdict = test.verdict.known else { return nil }
        return stays.stay(
            of: test.participant, on: test.day, isForStart: test.occasion == .start
        ).map {
            UrineFact(
                enrollment: $0, day: test.day, point: test.occasion.rawValue,
                result: UrineFact.Result(verdict))
        }
    }
}

extension ScoreFact.Occasion {
    init(_ occasion: Open<Administration.Occasion>) {
        switch occasion.known {
        case .baseline: self = .start
        case .month3: self = .month3
        case .month6: self = .month6
        case .exit: self = .exit
        case .screening, .other, nil: self = .other
        }
    }
}

extension ScoreStatus {
    fileprivate var hasValue: Bool {
        switch self {
        case .complete, .prorated: true
        case .invalid, .notApplicable: false
        }
    }
}

extension AttendanceFact.Mark {
    init(_ presence: AttendanceSummary.Presence) {
        switch presence {
        case .present: self = .attended
        case .countsAgainst: self = .missed
        case .excused: self = .excused
        }
    }
}

extension UrineFact.Result {
    /// A positive screen counts until the laboratory clears it.
    init(_ verdict: UrineSummary.Verdict) {
        switch verdict {
        case .presumptivePositive, .confirmedPositive: self = .positive
        case .negative, .notConfirmed: self = .negative
        case .invalid: self = .invalid
        case .refused: self = .refused
        case .missed: self = .missed
        }
    }
}

extension StaffMember {
    init(_ reference: StaffReference) {
        self.init(affiliation: reference.affiliation, code: reference.code)
    }
}
