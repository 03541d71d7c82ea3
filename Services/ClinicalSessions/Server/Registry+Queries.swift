internal import ClinicalAPI
internal import ClinicalRules
internal import FoundationEssentials
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    func merges(of id: ParticipantID) throws -> Merges { try merges(of: [id]) }

    /// Which of the records of these people are one person.
    func merges(of people: some Sequence<ParticipantID>) throws -> Merges {
        var standing: [ParticipantID: ParticipantID] = [:]
        for id in people where standing[id] == nil {
            let person = try self.standing(for: id)
            for record in try records(of: id) { standing[record] = person }
        }
        return Merges(standing: standing)
    }

    /// Everything of one kind that speaks of a person, and what is under the keys, whomever they speak of.
    func all<Record: StoredRecord>(
        _ type: Record.Type, of id: ParticipantID, and keys: [UUID?]
    ) throws -> [Record] {
        var found = try all(type, of: id)
        for key in keys.compactMap(\.self) where !found.contains(where: { $0.key == key }) {
            if let other = try get(type, key) { found.append(other) }
        }
        return found
    }

    /// What the registry has told of these people.
    ///
    /// An enrollment counts for whichever of a person's records is named, as it does there.
    func facts(about people: some Sequence<ParticipantID>) throws -> RegistryFacts {
        var known: Set<ParticipantID> = []
        var enrollments: [EnrollmentFact] = []
        for id in Set(people) {
            guard try get(ParticipantCopy.self, id.uuid) != nil else { continue }
            known.insert(id)
            enrollments += try all(EnrollmentCopy.self, of: id).map { $0.fact.naming(id) }
        }
        return RegistryFacts(participants: known, enrollments: enrollments)
    }

    /// When a call is made, on the clock of the place that it is about.
    ///
    /// That is where the participant is held, or else where the caller belongs; western time
    /// where neither is known.
    func moment(for participant: ParticipantID?, _ context: CallContext) throws -> Moment {
        let caller = try context.person.affiliation
        let held = try participant.flatMap { id in
            try get(ParticipantCopy.self, standing(for: id).uuid)?.facilityCode
        }
        let own = caller.kind == .facility ? caller.code : nil
        for code in [held, own].compactMap(\.self) {
            if let zone = try zone(of: code) { return Moment(now: context.now, zone: zone) }
        }
        return Moment(now: context.now, zone: .wib)
    }

    func zone(of facilityCode: String) throws -> Zone? {
        try all(FacilityCopy.self, where: "code = ?", [.text(facilityCode)]).first?.zone
    }
}

extension EnrollmentFact {
    /// The same under another record of the person.
    fileprivate func naming(_ participant: ParticipantID) -> EnrollmentFact {
        EnrollmentFact(
            participant: participant, enrollment: enrollment, status: status,
            openedOn: openedOn, endedOn: endedOn, holds: holds)
    }
}
