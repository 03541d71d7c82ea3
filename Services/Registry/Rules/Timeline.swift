package import RegistryAPI
package import Vocabulary

/// Something the journal alone knows of a participant's record.
package struct RecordMark: Hashable, Sendable {
    package enum Event: String, Hashable, Sendable, CaseIterable {
        case registered
        case imported
        case merged
        case unmerged
        case enteredRegisterF = "entered in register F"
        case leftRegisterF = "taken out of register F"
    }

    package let participant: ParticipantID
    package let event: Event
    package let at: Timestamp

    package init(participant: ParticipantID, event: Event, at: Timestamp) {
        self.participant = participant
        self.event = event
        self.at = at
    }
}

/// Everything recorded about one person, under whichever of their records.
package struct TimelineFacts: Sendable {
    package var participants: [Participant]
    package var marks: [RecordMark]
    package var items: [RecordedItem]
    package var consents: [Consent]
    package var decisions: [Decision]
    /// Those that appoint the person.
    package var decrees: [Decree]
    package var enrollments: [Enrollment]
    package var programCodes: [ProgramID: String]

    package init(
        participants: [Participant], marks: [RecordMark] = [], items: [RecordedItem] = [],
        consents: [Consent] = [], decisions: [Decision] = [], decrees: [Decree] = [],
        enrollments: [Enrollment] = [], programCodes: [ProgramID: String] = [:]
    ) {
        self.participants = participants
        self.marks = marks
        self.items = items
        self.consents = consents
        self.decisions = decisions
        self.decrees = decrees
        self.enrollments = enrollments
        self.programCodes = programCodes
    }
}

/// Writes the dated lines of a dossier.
package enum Timeline {
    private typealias Line = RegistryTimelineLine

    /// The kinds of line that somebody in `role` may not see.
    package static func withheld(from role: Role) -> [RegistryTimelineLine.Kind] {
        RegistryTimelineLine.Kind.allCases.filter { !$0.access.roles.contains(role) }
    }

    /// The lines that somebody in `role` may see, the oldest first.
    ///
    /// No line carries a name, a number that identifies, an article of law, a reason in free
    /// words, or what a recorded item says. What has its hour comes after what has none, on the
    /// same day. `zone` is that of the place of custody, and `today` the day there.
    package static func lines(
        _ facts: TimelineFacts, for role: Role, zone: Zone, today: Day
    ) -> [RegistryTimelineLine] {
        var lines = facts.marks.map { line($0, zone) }
        lines += facts.participants.flatMap(lines(of:))
        lines += facts.items.map {
            Line(
                day: $0.recordedOn, kind: .item, text: "recorded: \($0.aspect.rawValue)",
                record: $0.id.description)
        }
        lines += facts.consents.flatMap { consent in
            self.lines(
                of: consent, exits: facts.enrollments.compactMap(\.exit?.day),
                releases: facts.participants.flatMap { $0.releases.map(\.day) }, today: today)
        }
        lines += facts.decisions.map {
            Line(
                day: $0.decidedOn, kind: .decision,
                text: "assessment team recommends \($0.recommends.rawValue) rehabilitation",
                record: $0.id.description)
        }
        lines += facts.decrees.map {
            Line(
                day: $0.signedOn, kind: .decree,
                text: "appointed to \(facts.programCodes[$0.program] ?? "a program"), "
                    + "cohort \($0.cohort), by decree \($0.number)",
                record: $0.id.description)
        }
        lines += facts.enrollments.flatMap {
            self.lines(of: $0, program: facts.programCodes[$0.program] ?? "a program")
        }
        let hidden = Set(withheld(from: role).map(Open.init))
        // Two records of one person say some things twice.
        return Set(lines.filter { !hidden.contains($0.kind) }).sorted { $0.sortKey < $1.sortKey }
    }

    private static func line(_ mark: RecordMark, _ zone: Zone) -> Line {
        let (kind, text): (Line.Kind, String) =
            switch mark.event {
            case .registered: (.registration, "registered")
            case .imported: (.registration, "imported from an earlier cohort, unchecked")
            case .merged: (.merge, "record merged into another")
            case .unmerged: (.merge, "merge taken back")
            case .enteredRegisterF: (.register, "entered in register F (disciplinary)")
            case .leftRegisterF: (.register, "taken out of register F (disciplinary)")
            }
        return Line(
            day: mark.at.day(in: zone), at: mark.at, kind: kind, text: text,
            record: mark.participant.description)
    }

    private static func lines(of participant: Participant) -> [Line] {
        var lines = participant.legal.register.map { entry in
            let book = entry.number.book
            return Line(
                day: entry.from, kind: .register,
                text: "in book \(book.rawValue), \(book.legalStatus.rawValue)")
        }
        lines += participant.placements.map {
            Line(day: $0.from, kind: .placement, text: "in block \($0.block)")
        }
        lines += participant.releases.map {
            Line(day: $0.day, kind: .release, text: "released: \($0.kind.rawValue)")
        }
        if let day = participant.diedOn { lines.append(Line(day: day, kind: .death, text: "died")) }
        return lines
    }

    private static func lines(
        of consent: Consent, exits: [Day], releases: [Day], today: Day
    ) -> [Line] {
        let what = consent.kind == .treatment ? "consent to treatment" : "consent to data sharing"
        func line(_ day: Day, _ text: String) -> Line {
            Line(
                day: day, kind: .consent, text: "\(what) \(text)", record: consent.id.description)
        }
        var lines = [line(consent.signedOn, "recorded, form \(consent.version)")]
        lines += consent.revocations.map { revocation in
            let part = revocation.sections.map { sections in
                " in part: " + sections.map(\.rawValue).joined(separator: ", ")
            }
            return line(revocation.day, "revoked" + (part ?? ""))
        }
        let events =
            consent.endsWith == .exit ? exits : consent.endsWith == .release ? releases : []
        let ends = [consent.expiresOn, events.filter { $0 > consent.signedOn }.min()]
        if let end = ends.compactMap({ $0 }).min(), end < today,
            ConsentRules.state(of: consent, on: end, exits: exits, releases: releases) == .valid
        {
            lines.append(line(end, "expired"))
        }
        return lines
    }

    private static func lines(of enrollment: Enrollment, program: String) -> [Line] {
        func line(_ day: Day, _ kind: Line.Kind, _ text: String) -> Line {
            Line(day: day, kind: kind, text: text, record: enrollment.id.description)
        }
        var lines = [
            line(
                enrollment.openedOn, .enrollment,
                "enrolled in \(program), cohort \(enrollment.cohort)")
        ]
        lines += enrollment.stages.map { line($0.from, .stage, "stage: \($0.stage)") }
        for hold in enrollment.holds {
            lines.append(line(hold.from, .hold, "on hold: \(hold.reason.rawValue)"))
            if let until = hold.until { lines.append(line(until, .hold, "back from hold")) }
        }
        if let exit = enrollment.exit {
            let destination = exit.destination.map { ", to \($0)" } ?? ""
            lines.append(line(exit.day, .exit, "exit: \(exit.exitClass.rawValue)\(destination)"))
        }
        return lines
    }
}

extension RegistryTimelineLine {
    /// By day and hour; of one day in the order in which things usually happen.
    fileprivate var sortKey: (Day, Int64, Int, String, String) {
        let order = kind.known.flatMap(Kind.allCases.firstIndex) ?? 0
        return (day, at?.microseconds ?? .min, order, text, record ?? "")
    }
}
