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

    package init(
        facilityCodes: Set<String>, programs: [ProgramID: Program],
        participants: [ParticipantID: Participant] = [:],
        enrollments: [EnrollmentID: Enrollment] = [:]
    ) {
        self.facilityCodes = facilityCodes
        self.programs = programs
        self.participants = participants
        self.enrollments = enrollments
    }
}

/// What to store, and what to answer.
package struct ImportDecision: Hashable, Sendable {
    package var participants: [Participant] = []
    package var enrollments: [Enrollment] = []
    package var rows: [ImportedRow] = []

    package init() {}
}

/// Decides on imports.
package enum ImportRules {
    package static let rowsMax = 200
    private typealias Refusal = ImportCohort.Refusal

    /// A row stores its participant, its enrollment or both; a person may have several rows.
    package static func decide(
        _ call: ImportCohort, facts: ImportFacts, today: Day
    ) throws -> ImportDecision {
        try Input.count(call.rows.count, "rows", 1...rowsMax)
        try Input.unique(call.rows.map(\.key), "rows.key")
        for (index, row) in call.rows.enumerated() {
            try check(row, at: "rows[\(index)]", today: today)
        }
        guard facts.facilityCodes.contains(call.facilityCode) else {
            throw Refused(Refusal.facilityUnknown, call.facilityCode)
        }
        var facts = facts
        var decision = ImportDecision()
        for row in call.rows {
            guard let program = facts.programs[row.program] else {
                throw Refused(Refusal.programUnknown, row.key)
            }
            let participant = participant(row, facilityCode: call.facilityCode)
            let enrollment = enrollment(row, program: program)
            let storedPerson = facts.participants[row.participant]
            let storedEpisode = facts.enrollments[row.enrollment]
            let agrees =
                storedPerson.map { fromSameSource($0, participant) } ?? true
                && storedEpisode.map { $0 == enrollment } ?? true
            guard agrees else {
                decision.rows.append(ImportedRow(key: row.key, result: .conflict))
                continue
            }
            if storedPerson == nil {
                decision.participants.append(participant)
                facts.participants[participant.id] = participant
            }
            if storedEpisode == nil {
                decision.enrollments.append(enrollment)
                facts.enrollments[enrollment.id] = enrollment
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
        guard row.name != nil || row.pseudonym != nil else {
            throw InvalidInput("\(path).name", "give a name or a pseudonym")
        }
        try Input.text(row.group, "\(path).group", max: Input.codeMax)
        try Input.text(row.exitReason, "\(path).exitReason", max: Input.textMax)
        if let birth = row.birthDate {
            guard row.age == nil else {
                throw InvalidInput("\(path).age", "must be absent: there is a birth date")
            }
            guard birth < row.admittedOn, birth.age(on: row.admittedOn) <= 120 else {
                throw InvalidInput(
                    "\(path).birthDate", "must be before the admission, at most 120 years")
            }
        } else if let age = row.age {
            try Input.range(age, "\(path).age", 0...120)
        } else {
            throw InvalidInput("\(path).birthDate", "give the birth date or the age")
        }
        try Input.order(
            row.exitedOn, "\(path).exitedOn", notBefore: row.admittedOn, of: "admittedOn")
        try Input.past(row.exitedOn, "\(path).exitedOn", today: today)
        if let day = row.releasedOn {
            try Input.past(day, "\(path).releasedOn", today: today)
            try Input.order(day, "\(path).releasedOn", notBefore: row.exitedOn, of: "exitedOn")
        }
    }

    private static func participant(_ row: ImportRow, facilityCode: String) -> Participant {
        let year = row.age.map { row.admittedOn.parts.year - $0 }
        return Participant(
            id: row.participant,
            identity: ParticipantIdentity(
                name: row.name ?? row.pseudonym ?? row.key, nik: row.nik,
                nikUnknownReason: row.nik == nil ? "imported" : nil, sex: row.sex,
                birthDate: row.birthDate, birthYear: year),
            legal: LegalFacts(register: []), facilityCode: facilityCode,
            releases: row.releasedOn.map { [Release(day: $0, kind: .sentenceServed)] } ?? [],
            pseudonym: row.pseudonym, historical: true)
    }

    private static func enrollment(_ row: ImportRow, program: Program) -> Enrollment {
        Enrollment(
            id: row.enrollment, participant: row.participant, program: row.program,
            cohort: row.group, status: .exited, stages: [], openedOn: row.admittedOn,
            plannedEnd: row.admittedOn.adding(days: program.lengthDays),
            exit: Exit(exitClass: row.exitClass, day: row.exitedOn, reason: row.exitReason),
            historical: true)
    }

    /// Whether a stored person is the one a row describes, whatever was recorded since.
    private static func fromSameSource(_ stored: Participant, _ imported: Participant) -> Bool {
        var identity = stored.identity
        identity.aliases = imported.identity.aliases
        return stored.historical && identity == imported.identity
            && stored.pseudonym == imported.pseudonym
            && stored.releases.first == imported.releases.first
    }
}
