import RPC
package import RegistryAPI
package import Vocabulary

/// Finds records that may belong to one person.
package enum Duplicates {
    /// Names at least so alike count as likely the same.
    static let similarityMin = 0.9

    /// Every record that may be the same person, exact matches first.
    ///
    /// A record that was merged away, or that a person has declared to be somebody else, is not
    /// reported, and neither is the record's own id, `participant`.
    package static func find(
        _ identity: ParticipantIdentity, of participant: ParticipantID,
        distinctFrom: [ParticipantID] = [], among candidates: [Participant]
    ) -> [Duplicate] {
        let found = candidates.compactMap { other -> Duplicate? in
            guard other.id != participant, other.mergedInto == nil,
                !distinctFrom.contains(other.id), other.distinctFrom?.contains(participant) != true
            else { return nil }
            let grounds = grounds(identity, other.identity)
            return grounds.isEmpty ? nil : Duplicate(participant: other.id, grounds: grounds)
        }
        return found.filter(isExact) + found.filter { !isExact($0) }
    }

    /// Whether a number, and not only likeness, says that they are one person.
    package static func isExact(_ duplicate: Duplicate) -> Bool {
        duplicate.grounds.contains(.nik) || duplicate.grounds.contains(.fingerprint)
    }

    private static func grounds(
        _ one: ParticipantIdentity, _ other: ParticipantIdentity
    ) -> [Duplicate.Ground] {
        var grounds: [Duplicate.Ground] = []
        if let nik = one.nik, nik == other.nik { grounds.append(.nik) }
        if let number = one.fingerprintNumber, number == other.fingerprintNumber {
            grounds.append(.fingerprint)
        }
        // Two different fingerprint cards are two people, however alike: twins.
        let fingerprintsDiffer =
            one.fingerprintNumber != nil && other.fingerprintNumber != nil
            && one.fingerprintNumber != other.fingerprintNumber
        if !fingerprintsDiffer, one.sex.agrees(with: other.sex), birthAgrees(one, other),
            namesAgree(one, other)
        {
            grounds.append(.nameAndBirth)
        }
        return grounds
    }

    /// The same date, the same with day and month swapped, or the same year where only that is
    /// known of one of them.
    private static func birthAgrees(
        _ one: ParticipantIdentity, _ other: ParticipantIdentity
    ) -> Bool {
        if let first = one.birthDate, let second = other.birthDate {
            let (a, b) = (first.parts, second.parts)
            return first == second || (a.year == b.year && a.day == b.month && a.month == b.day)
        }
        guard let first = year(one), let second = year(other) else { return false }
        return first == second
    }

    /// The year of birth, as far as anything is known of it.
    package static func year(_ identity: ParticipantIdentity) -> Int? {
        identity.birthDate?.parts.year ?? identity.birthYear
    }

    private static func namesAgree(
        _ one: ParticipantIdentity, _ other: ParticipantIdentity
    ) -> Bool {
        let firsts = ([one.name] + one.aliases).map(NameLikeness.normalized)
        let seconds = ([other.name] + other.aliases).map(NameLikeness.normalized)
        return firsts.contains { first in
            seconds.contains { NameLikeness.similarity(first, $0) >= similarityMin }
        }
    }
}
