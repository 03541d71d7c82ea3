import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when a cohort is imported.
package struct ImportFacts: Hashable, Sendable {
    package var facilityCodes: Set<String>
    package var programs: [ProgramID: Program]
    /// Those whose ids the rows name, as far as they are stored.
    package var participants: [ParticipantID: Participant]
    /// Those whose ids the rows name, as far as they are stored.
    package var enrollments: [EnrollmentID: Enrollment]
    /// Those whose ids the rows name, as far as they are stored.
    package var episodes: [EnrollmentID: ImportedEpisode]

    package init(
        facilityCodes: Set<String>, programs: [ProgramID: Program],
        participants: [ParticipantID: Participant] = [:],
        enrollments: [EnrollmentID: Enrollment] = [:],
        episodes: [EnrollmentID: ImportedEpisode] = [:]
    ) {
        self.facilityCodes = facilityCodes
        self.programs = programs
        self.participants = participants
        self.enrollments = enrollments
        self.episodes = episodes
    }
}

/// What to store, and what to answer.
package struct ImportDecision: Hashable, Sendable {
    package var participants: [Participant] = []
    package var enrollments: [Enrollment] = []
    /// What is known of an episode where that is less than an enrollment.
    package var episodes: [ImportedEpisode] = []
    package var rows: [ImportedRow] = []

    package init() {}
}

/// Decides on imports.
package enum ImportRules {
    package static let rowsMax = 200
    private typealias Refusal = ImportCohort.Refusal

    /// A row stores its participant, its episode or both; a person may have several rows.
    package static func decide(
        _ call: ImportCohort, facts: ImportFacts, today: Day
    ) throws -> ImportDecision {
        try Input.count(call.rows.count, "rows", 1...rowsMax)
        try Input.unique(call.rows.map(\.key), "rows.key")
        for (index, row) in call.rows.enumerated() {
            try check(row, at: "rows[\(index)]", today: today)
        }
        guard facts.facilityCodes.contains(call.facilityCode) else {
            throw Refused(Refusal.facilityUnknown)
        }
        var facts = facts
        var decision = ImportDecision()
        for row in call.rows {
            guard let program = facts.programs[row.program] else {
                throw Refused(Refusal.programUnknown, row.key)
            }
            let participant = ImportedRecords.participant(row, facilityCode: call.facilityCode)
            let episode = ImportedRecords.episode(row)
            let storedPerson = facts.participants[row.participant]
            let storedEpisode = facts.episode(row.enrollment)
            let isLive = facts.enrollments[row.enrollment]?.historical == false
            let differing =
                (isLive ? ["enrollment"] : [])
                + (storedPerson.map { ImportedRecords.differing($0, participant) } ?? [])
                + (storedEpisode.map { ImportedRecords.differing($0, episode) } ?? [])
            guard differing.isEmpty else {
                decision.rows.append(
                    ImportedRow(key: row.key, result: .conflict, differing: differing))
                continue
            }
            if storedPerson == nil {
                decision.participants.append(participant)
                facts.participants[participant.id] = participant
            }
            if storedEpisode == nil {
                facts.episodes[episode.id] = episode
                if let enrollment = ImportedRecords.enrollment(episode, in: program) {
                    decision.enrollments.append(enrollment)
                } else {
                    decision.episodes.append(episode)
                }
            }
            let stored = storedPerson != nil && storedEpisode != nil
            decision.rows.append(
                ImportedRow(key: row.key, result: stored ? .unchanged : .created))
        }
        return decision
    }

    private static func check(_ row: ImportRow, at path: String, today: Day) throws {
        try Input.text(row.key, "\(path).key")
        try Input.optionalText(row.name, "\(path).name")
        try Input.optionalText(row.pseudonym, "\(path).pseudonym", max: Input.codeMax)
        try Input.text(row.group, "\(path).group", max: Input.codeMax)
        try Input.optionalText(row.exitReason, "\(path).exitReason", max: Input.textMax)
        try checkDays(row, at: path, today: today)
        if let birth = row.birthDate {
            guard row.age == nil else {
                throw InvalidInput("\(path).age", "must be absent: there is a birth date")
            }
            let known = [row.admittedOn, row.exitedOn, row.releasedOn].compactMap { $0 }
            let first = known.min() ?? today
            guard birth < first, birth.age(on: first) <= 120 else {
                throw InvalidInput(
                    "\(path).birthDate", "must be before the other days, at most 120 years")
            }
        } else if let age = row.age {
            try Input.range(age, "\(path).age", 0...120)
        }
    }

    private static func checkDays(_ row: ImportRow, at path: String, today: Day) throws {
        if let day = row.admittedOn { try Input.past(day, "\(path).admittedOn", today: today) }
        if let day = row.exitedOn {
            try Input.past(day, "\(path).exitedOn", today: today)
            if let admitted = row.admittedOn {
                try Input.order(day, "\(path).exitedOn", notBefore: admitted, of: "admittedOn")
            }
        }
        if let day = row.releasedOn {
            try Input.past(day, "\(path).releasedOn", today: today)
            if let exited = row.exitedOn {
                try Input.order(day, "\(path).releasedOn", notBefore: exited, of: "exitedOn")
            } else if let admitted = row.admittedOn {
                try Input.order(day, "\(path).releasedOn", notBefore: admitted, of: "admittedOn")
            }
        }
    }
}

extension ImportFacts {
    /// What is stored of an episode, in the one form that both kinds of record compare in.
    fileprivate func episode(_ id: EnrollmentID) -> ImportedEpisode? {
        episodes[id] ?? enrollments[id].map(ImportedRecords.episode)
    }
}
