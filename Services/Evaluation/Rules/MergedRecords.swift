package import Vocabulary

/// Which records are of one person, after merges.
package struct MergedRecords: Sendable {
    private let standsFor: [ParticipantID: ParticipantID]

    /// Takes who is merged into whom; the others stand for themselves.
    package init(_ participants: [ParticipantFact]) {
        standsFor = Dictionary(
            participants.compactMap { fact in fact.mergedInto.map { (fact.id, $0) } },
            uniquingKeysWith: min)
    }

    /// The record that stands for one; a ring of merges, which cannot be, ends somewhere.
    package func person(_ id: ParticipantID) -> ParticipantID {
        var current = id
        var seen: Set<ParticipantID> = [id]
        while let next = standsFor[current], seen.insert(next).inserted { current = next }
        return current
    }

    /// Every record of the person whom a record is of, itself among them.
    package func records(of id: ParticipantID) -> Set<ParticipantID> {
        let person = person(id)
        return Set(standsFor.keys.filter { self.person($0) == person }).union([id, person])
    }
}
