import EvaluationAPI
import Vocabulary

/// Records by person, with merged records brought together.
struct PersonLookup {
    private let asOf: Day
    private let merged: MergedRecords
    private var sexes: [ParticipantID: String] = [:]
    private var releases: [ParticipantID: [Day]] = [:]
    private var events: [ParticipantID: [(kind: EventKind, day: Day)]] = [:]
    private var registerUntil: [ParticipantID: Day] = [:]
    private var contactUntil: [ParticipantID: Day] = [:]

    init(_ facts: EffectivenessFacts, asOf: Day) {
        self.asOf = asOf
        merged = MergedRecords(facts.participants)
        for fact in facts.participants {
            let id = person(fact.id)
            // The record that stands for the others has the last word.
            if let sex = fact.sex, fact.id == id || sexes[id] == nil { sexes[id] = sex }
            if let day = fact.diedOn { add(.outcome(.death), on: day, to: id) }
        }
        for fact in facts.releases where fact.day <= asOf {
            releases[person(fact.participant), default: []].append(fact.day)
        }
        for followUp in facts.followUps {
            let id = person(followUp.participant)
            follow(id, on: .register, until: followUp.registerUntil)
            follow(id, on: .contact, until: followUp.contactUntil)
        }
        for contact in facts.contacts where contact.day <= asOf { add(contact) }
        for event in facts.outcomes where event.reportedOn <= asOf { add(event) }
    }

    /// The record that stands for one.
    func person(_ id: ParticipantID) -> ParticipantID { merged.person(id) }

    func assemble(
        _ id: ParticipantID, _ stays: [EnrollmentFact], _ imported: [CohortEntry],
        _ request: ReportEffectiveness
    ) -> EffectivenessScope.Person {
        let index = index(of: id, stays, imported, request.index)
        let ends = imported.compactMap { entry in entry.followedUntil.map { min($0, asOf) } }
        let others = imported.compactMap { entry in
            entry.firstEvent.map { (kind: EventKind.outcome($0.kind), day: $0.day) }
        }
        let all = (events[id] ?? []) + others.filter { $0.day <= asOf }
        return EffectivenessScope.Person(
            id: id, group: group(of: id, stays, imported, request.grouping), index: index,
            registerUntil: (ends + [registerUntil[id]].compactMap { $0 }).max(),
            contactUntil: (ends + [contactUntil[id]].compactMap { $0 }).max(),
            events: all.filter { event in index.map { event.day >= $0 } ?? false })
    }

    private func index(
        of id: ParticipantID, _ stays: [EnrollmentFact], _ imported: [CohortEntry],
        _ index: IndexDay
    ) -> Day? {
        let admitted = stays.first?.admittedOn
        if index == .admission { return admitted ?? imported.compactMap(\.admittedOn).min() }
        let known = (releases[id] ?? []).filter { day in admitted.map { day >= $0 } ?? false }
        return known.min() ?? imported.compactMap(\.releasedOn).filter { $0 <= asOf }.min()
    }

    private func group(
        of id: ParticipantID, _ stays: [EnrollmentFact], _ imported: [CohortEntry],
        _ grouping: Grouping
    ) -> String {
        let name: String? =
            switch grouping {
            case .none: "all"
            case .group: stays.first?.group ?? imported.lazy.compactMap(\.group).first
            case .sex:
                sexes[id] ?? imported.lazy.compactMap(\.sex).first { $0 != .unknown }?.rawValue
            case .cohort: stays.first?.cohort ?? imported.first?.cohort
            case .program: stays.first?.programCode ?? imported.first?.programCode
            }
        return name ?? "not recorded"
    }

    private mutating func add(_ kind: EventKind, on day: Day, to id: ParticipantID) {
        guard day <= asOf else { return }
        events[id, default: []].append((kind, day))
    }

    /// A contact tells that the person was there, and may tell of use.
    private mutating func add(_ contact: Contact) {
        let id = person(contact.participant)
        if contact.reached { follow(id, on: .contact, until: contact.day) }
        if contact.urine == .positive { add(.outcome(.positiveTest), on: contact.day, to: id) }
        if let day = contact.firstPositiveOn { add(.outcome(.relapse), on: day, to: id) }
    }

    private mutating func add(_ event: OutcomeEvent) {
        let id = person(event.participant)
        switch event.source {
        case .register, .court: follow(id, on: .register, until: event.knownUntil)
        case .contact, .selfReport: follow(id, on: .contact, until: event.knownUntil)
        }
        guard let day = event.countedOn else { return }
        add(event.paroleRevoked == true ? .paroleRevoked : .outcome(event.kind), on: day, to: id)
    }

    private mutating func follow(
        _ id: ParticipantID, on clock: FollowUpClock, until day: Day?
    ) {
        guard let day else { return }
        let known = min(day, asOf)
        switch clock {
        case .register: registerUntil[id] = max(registerUntil[id] ?? known, known)
        case .contact: contactUntil[id] = max(contactUntil[id] ?? known, known)
        }
    }
}
