import RegistryAPI
import Vocabulary

/// The records that a row becomes, and how they compare with what is stored.
enum ImportedRecords {
    /// An exit's reason where the source has none.
    static let reasonNotRecorded = "not recorded in the source"

    static func participant(_ row: ImportRow, facilityCode: String) -> Participant {
        let year = (row.admittedOn ?? row.releasedOn).flatMap { day in
            row.age.map { day.parts.year - $0 }
        }
        return Participant(
            id: row.participant,
            identity: ParticipantIdentity(
                name: row.name ?? row.pseudonym ?? row.key, nik: row.nik,
                nikUnknownReason: row.nik == nil ? "imported" : nil, sex: row.sex ?? .unknown,
                birthDate: row.birthDate, birthYear: year),
            legal: LegalFacts(register: []), facilityCode: facilityCode,
            releases: row.releasedOn.map { [Release(day: $0, kind: .notRecorded)] } ?? [],
            pseudonym: row.pseudonym, historical: true)
    }

    static func episode(_ row: ImportRow) -> ImportedEpisode {
        ImportedEpisode(
            id: row.enrollment, participant: row.participant, program: row.program,
            cohort: row.group, admittedOn: row.admittedOn, exitClass: row.exitClass,
            exitedOn: row.exitedOn, exitReason: row.exitReason, age: row.age)
    }

    /// A stored enrollment in the form of what its source said; its age went into a birth year.
    static func episode(_ enrollment: Enrollment) -> ImportedEpisode {
        let reason = enrollment.exit?.reason
        return ImportedEpisode(
            id: enrollment.id, participant: enrollment.participant, program: enrollment.program,
            cohort: enrollment.cohort, admittedOn: enrollment.openedOn,
            exitClass: enrollment.exit?.exitClass, exitedOn: enrollment.exit?.day,
            exitReason: reason == reasonNotRecorded ? nil : reason)
    }

    /// Nil where the episode lacks what an enrollment that has ended must have.
    static func enrollment(_ episode: ImportedEpisode, in program: Program) -> Enrollment? {
        guard let admittedOn = episode.admittedOn, let exitClass = episode.exitClass,
            let exitedOn = episode.exitedOn
        else { return nil }
        return Enrollment(
            id: episode.id, participant: episode.participant, program: episode.program,
            cohort: episode.cohort, status: .exited, stages: [], openedOn: admittedOn,
            plannedEnd: admittedOn.adding(days: program.lengthDays),
            exit: Exit(
                exitClass: exitClass, day: exitedOn,
                reason: episode.exitReason ?? reasonNotRecorded),
            historical: true)
    }

    /// The fields of a row in which a stored person differs, whatever was recorded since.
    static func differing(_ stored: Participant, _ imported: Participant) -> [String] {
        guard stored.historical else { return ["participant"] }
        let (one, other) = (stored.identity, imported.identity)
        let same: [(String, Bool)] = [
            ("name", one.name == other.name), ("nik", one.nik == other.nik),
            ("sex", one.sex == other.sex), ("birthDate", one.birthDate == other.birthDate),
            ("age", one.birthYear == other.birthYear),
            ("pseudonym", stored.pseudonym == imported.pseudonym),
            ("releasedOn", stored.releases.first?.day == imported.releases.first?.day),
        ]
        return same.filter { !$0.1 }.map(\.0)
    }

    /// The fields of a row in which a stored episode differs.
    ///
    /// The age is compared only where no birth year was made of it, for it is not kept otherwise.
    static func differing(_ one: ImportedEpisode, _ other: ImportedEpisode) -> [String] {
        let isComplete = { (episode: ImportedEpisode) in
            episode.admittedOn != nil && episode.exitClass != nil && episode.exitedOn != nil
        }
        let same: [(String, Bool)] = [
            ("participant", one.participant == other.participant),
            ("program", one.program == other.program), ("group", one.cohort == other.cohort),
            ("admittedOn", one.admittedOn == other.admittedOn),
            ("exitClass", one.exitClass == other.exitClass),
            ("exitedOn", one.exitedOn == other.exitedOn),
            ("exitReason", one.exitReason == other.exitReason),
            ("age", isComplete(one) || isComplete(other) || one.age == other.age),
        ]
        return same.filter { !$0.1 }.map(\.0)
    }
}
