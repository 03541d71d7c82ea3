import EvaluationAPI
import Vocabulary

/// The people and stays that a request asks about, as they were known on its day.
struct EffectivenessScope {
    let asOf: Day
    /// Sorted by admission, without exits that came later.
    let enrollments: [EnrollmentFact]
    let imported: [CohortEntry]
    /// Sorted by id, each once.
    let people: [Person]
    /// Whether the source of an imported person lacks the day from which time is counted.
    let hasImportedWithoutIndex: Bool
    let attendance: [AttendanceFact]
    let urine: [UrineFact]
    let scores: [ScoreFact]

    /// One person with everything that time after the index day is computed from.
    struct Person {
        let id: ParticipantID
        let group: String
        let index: Day?
        let registerUntil: Day?
        let contactUntil: Day?
        /// Whatever happened on or after the index day.
        let events: [(kind: EventKind, day: Day)]

        func end(on clock: FollowUpClock) -> Day? {
            clock == .register ? registerUntil : contactUntil
        }
    }

    /// The planned lengths that are known, each once.
    var plannedLengths: Set<Int> { Set(enrollments.map(\.plannedDays).filter { $0 > 0 }) }

    /// Whether an exit or an end of following lies before its beginning.
    var hasContradictions: Bool {
        enrollments.contains { stay in stay.exit.map { $0.day < stay.admittedOn } ?? false }
            || people.contains { person in
                guard let index = person.index else { return false }
                return [person.registerUntil, person.contactUntil].contains {
                    $0.map { $0 < index } ?? false
                }
            }
    }

    init(_ facts: EffectivenessFacts, _ request: ReportEffectiveness, on today: Day) {
        let asOf = min(request.asOf ?? today, today)
        let stays = facts.stays.filter { stay in
            stay.admittedOn <= asOf
                && (request.programCode.map { $0 == stay.programCode } ?? true)
                && (request.cohort.map { $0 == stay.cohort } ?? true)
        }.map { $0.asKnown(on: asOf) }.sorted { ($0.admittedOn, $0.id) < ($1.admittedOn, $1.id) }
        let ids = Set(stays.map(\.id))
        let imported = facts.imported.filter { entry in
            let began = [entry.admittedOn, entry.releasedOn].compactMap { $0 }.min()
            return (began.map { $0 <= asOf } ?? true)
                && (ids.contains(entry.enrollment)
                    || (request.programCode.map { $0 == entry.programCode } ?? true)
                        && (request.cohort.map { $0 == entry.cohort } ?? true))
        }.sorted { $0.enrollment < $1.enrollment }
        self.asOf = asOf
        self.enrollments = stays
        self.imported = imported
        attendance = facts.attendance.filter { ids.contains($0.enrollment) && $0.day <= asOf }
        urine = facts.urine.filter { ids.contains($0.enrollment) && $0.day <= asOf }
        scores = facts.scores.filter {
            ids.contains($0.enrollment) && $0.day <= asOf && $0.value.isFinite
        }
        let lookup = PersonLookup(facts, asOf: asOf)
        let byPerson = Dictionary(grouping: stays) { lookup.person($0.participant) }
        let importedBy = Dictionary(grouping: imported) { lookup.person($0.participant) }
        people = Set(byPerson.keys).union(importedBy.keys).sorted().map { id in
            lookup.assemble(id, byPerson[id] ?? [], importedBy[id] ?? [], request)
        }
        hasImportedWithoutIndex = people.contains { $0.index == nil && importedBy[$0.id] != nil }
    }
}

/// What happened, apart by what precludes what: a revoked parole is not a new crime.
enum EventKind: Hashable {
    case outcome(OutcomeKind)
    case paroleRevoked

    var name: String {
        switch self {
        case .outcome(let kind): kind.rawValue
        case .paroleRevoked: "parole-revoked"
        }
    }
}

extension EnrollmentFact {
    /// The stay without an exit that had not happened yet.
    fileprivate func asKnown(on day: Day) -> EnrollmentFact {
        guard let exit, exit.day > day else { return self }
        return EnrollmentFact(
            id: id, participant: participant, programCode: programCode, cohort: cohort,
            group: group, admittedOn: admittedOn, plannedDays: plannedDays, holds: holds,
            daysLeftAtEntry: daysLeftAtEntry, parties: parties)
    }
}
