import EvaluationAPI
import Shared

/// The caseload as it is printed.
struct CaseloadReport: Encodable {
    let asOf: Day
    let summary: CaseloadSummary
    let lines: [CaseloadEntry]
    /// How old the copies are that the evaluation's part was read from.
    let sources: [SourceAge]?
    let missing: [MissingPart]
    fileprivate let zone: Zone
    fileprivate let hasNames: Bool

    private enum CodingKeys: CodingKey {
        case asOf
        case summary
        case lines
        case sources
        case missing
    }

    init(_ answers: CaseloadAnswers, on today: Day, zone: Zone, missing: [MissingPart]) {
        let caseload = Caseload(answers, on: today)
        asOf = today
        summary = CaseloadSummary(caseload, answers)
        lines = caseload.entries
        sources = answers.evaluations?.sources
        self.missing = missing
        self.zone = zone
        hasNames = answers.names != nil
    }

    /// The numbers in a line, and a table of at most `width` columns.
    func text(width: Int?) -> String {
        guard !lines.isEmpty else { return headline }
        let header =
            (hasNames ? ["participant", "name"] : ["participant"])
            + ["program", "stage", "day", "next session", "evaluation"]
        let rows = lines.map { entry in
            (hasNames
                ? [Self.short(entry.participant), word(entry.name)]
                : [entry.participant.description])
                + [
                    word(entry.program), stage(entry), days(entry),
                    word(entry.nextSession.map { clock($0.at) }), evaluation(entry),
                ]
        }
        // An id that is cut is no id, so it stays whole; so do days.
        let flexible: Set<Int> = hasNames ? [1, 2, 3, 6] : [1, 2, 5]
        return headline + "\n\n"
            + Table(header: header, rows: rows).text(width: width, flexible: flexible)
    }

    private var headline: String {
        let handovers = summary.handoversOverdue.value ?? 0
        return "As of \(asOf): \(word(summary.inTreatment)) in treatment, "
            + "\(word(summary.onHold)) on hold; evaluations: \(word(summary.overdue)) overdue, "
            + "\(word(summary.due)) due in 30 days"
            + (handovers > 0 ? "; hand-overs overdue: \(handovers)" : "")
    }

    /// The end of an id: enough to tell people apart, and `pulih dossier` takes it.
    static func short(_ id: ParticipantID) -> String { "…" + id.description.suffix(8) }

    /// A value, `?` where it is unknown, and `-` where there is none.
    private func word(_ value: Known<some CustomStringConvertible>) -> String {
        switch value {
        case .unknown: "?"
        case .known(let value): value.map { "\($0)" } ?? "-"
        }
    }

    private func stage(_ entry: CaseloadEntry) -> String {
        switch entry.standing.value {
        case .onHold: "on hold"
        case .left: "left"
        case .inTreatment, nil: word(entry.stage)
        }
    }

    private func days(_ entry: CaseloadEntry) -> String {
        guard let days = entry.daysIn.value, let end = entry.plannedEnd.value else {
            return word(entry.daysIn)
        }
        return "\(days)/\(days + end.days(since: asOf))"
    }

    private func clock(_ time: Timestamp) -> String { time.text(in: zone) }

    private func evaluation(_ entry: CaseloadEntry) -> String {
        guard case .known(let line) = entry.open else { return "?" }
        guard let line else { return "-" }
        var words: [String] = []
        if let next = line.next {
            let when =
                switch next.state.known {
                case .overdue: "overdue \(next.daysPastDue) d"
                case .due: "due"
                case .upcoming: "in \(0 - next.daysPastDue) d"
                case .onHold: "on hold"
                case .missed: "missed"
                case nil: Console.safe(next.state.rawValue)
                }
            words.append("\(next.kind) \(when)")
        }
        let more =
            line.overdue + line.due
            - (line.next.map { $0.state.known?.isOpen ?? false ? 1 : 0 } ?? 0)
        if more > 0 { words.append("\(more) more") }
        if line.unsigned > 0 { words.append("\(line.unsigned) unsigned") }
        if let handover = entry.handover {
            words.append(
                handover.state == .overdue
                    ? "hand-over overdue \(0 - handover.daysLeft) d"
                    : "hand-over in \(handover.daysLeft) d")
        }
        return words.isEmpty ? "-" : words.joined(separator: ", ")
    }

    /// One row for each line; `?` where a value is unknown, empty where there is none.
    var csv: Table {
        Table(
            header: [
                "participant", "name", "enrollment", "program", "standing", "stage", "daysIn",
                "plannedEnd", "nextSession", "sessionKind", "attention", "evaluation", "dueOn",
                "daysPastDue", "overdue", "due", "unsigned", "handoverDueBy",
            ],
            rows: lines.map { entry in
                func cell(_ value: Known<some CustomStringConvertible>) -> String {
                    switch value {
                    case .unknown: "?"
                    case .known(let value): value.map { "\($0)" } ?? ""
                    }
                }
                let next = entry.open.map(\.next)
                return [
                    entry.participant.description, cell(entry.name), cell(entry.enrollment),
                    cell(entry.program), cell(entry.standing.map(\.rawValue)), cell(entry.stage),
                    cell(entry.daysIn), cell(entry.plannedEnd), cell(entry.nextSession.map(\.at)),
                    cell(entry.nextSession.map(\.kind)), cell(entry.attention.map(\.rawValue)),
                    cell(next.map(\.kind)), cell(next.map(\.dueOn)),
                    cell(next.map(\.daysPastDue)), cell(entry.open.map(\.overdue)),
                    cell(entry.open.map(\.due)), cell(entry.open.map(\.unsigned)),
                    cell(entry.open.map { $0.handover?.dueBy }),
                ]
            })
    }
}

extension DueEvaluation.State {
    fileprivate var isOpen: Bool { self == .due || self == .overdue }
}

extension Timestamp {
    /// The day and the time of day in a zone, to the minute.
    func text(in zone: Zone) -> String { "\(day(in: zone)) \(timeOfDay(in: zone))" }

    /// Hours and minutes in a zone.
    func timeOfDay(in zone: Zone) -> String {
        // A moment is written in UTC; the same text for a moment shifted by the zone is local.
        let local = adding(seconds: Int64(zone.hoursAheadOfUTC) * 3600)
        return String(local.description.dropFirst(11).prefix(5))
    }
}

extension CaseloadEntry: Encodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case participant
        case enrollment
        case name
        case program
        case standing
        case stage
        case daysIn
        case plannedEnd
        case nextSession
        case attention
        case evaluation
        case unknown
    }

    /// A field is null where there is none; one that is unknown is absent, and named in `unknown`.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var unknown: [String] = []
        func encode(_ value: Known<some Encodable>, _ key: CodingKeys) throws {
            switch value {
            case .unknown: unknown.append(key.rawValue)
            case .known(let value): try container.encode(value, forKey: key)
            }
        }
        try container.encode(participant, forKey: .participant)
        try encode(enrollment, .enrollment)
        try encode(name, .name)
        try encode(program, .program)
        try encode(standing, .standing)
        try encode(stage, .stage)
        try encode(daysIn, .daysIn)
        try encode(plannedEnd, .plannedEnd)
        try encode(nextSession, .nextSession)
        try encode(attention, .attention)
        try encode(open, .evaluation)
        try container.encode(unknown, forKey: .unknown)
    }
}

extension CaseloadSummary: Encodable {
    private enum CodingKeys: CodingKey {
        case inTreatment
        case onHold
        case overdue
        case dueIn30Days
        case handoversOverdue
    }

    /// An unknown number is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(inTreatment.value, forKey: .inTreatment)
        try container.encode(onHold.value, forKey: .onHold)
        try container.encode(overdue.value, forKey: .overdue)
        try container.encode(due.value, forKey: .dueIn30Days)
        try container.encode(handoversOverdue.value, forKey: .handoversOverdue)
    }
}
