import RPC
package import RegistryAPI
package import Vocabulary

/// Decides whether two records are of one person, and counts people rather than records.
package enum MergeRules {
    /// The record that is merged away, as it is from now on; `enrollments` are those of both.
    package static func merge(
        _ call: MergeParticipants, kept: Participant, duplicate: Participant,
        enrollments: [Enrollment]
    ) throws -> Participant {
        try Input.text(call.reason, "reason", max: Input.textMax)
        guard call.kept != call.duplicate else {
            throw InvalidInput("duplicate", "must be another record than the one that is kept")
        }
        guard kept.mergedInto == nil, duplicate.mergedInto == nil else {
            throw Refused(MergeParticipants.Refusal.alreadyMerged)
        }
        guard kept.distinctFrom?.contains(duplicate.id) != true,
            duplicate.distinctFrom?.contains(kept.id) != true
        else { throw Refused(MergeParticipants.Refusal.declaredDistinct) }
        let (one, other) = (kept.identity, duplicate.identity)
        guard one.sex.agrees(with: other.sex), !differ(one.nik, other.nik),
            !differ(one.fingerprintNumber, other.fingerprintNumber)
        else { throw Refused(MergeParticipants.Refusal.differentIdentity) }
        let open = enrollments.filter { $0.status != .exited }
        guard Set(open.map(\.participant)).count < 2 else {
            throw Refused(MergeParticipants.Refusal.bothEnrolled)
        }
        var merged = duplicate
        merged.mergedInto = kept.id
        return merged
    }

    private static func differ<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
        guard let one, let other else { return false }
        return one != other
    }

    /// The record that was merged away, standing for itself again.
    package static func unmerge(
        _ call: UnmergeParticipants, duplicate: Participant
    ) throws -> Participant {
        try Input.text(call.reason, "reason", max: Input.textMax)
        guard duplicate.mergedInto != nil else {
            throw Refused(UnmergeParticipants.Refusal.notMerged)
        }
        var restored = duplicate
        restored.mergedInto = nil
        return restored
    }

    /// How many people are in custody: merged records count once.
    package static func census(_ participants: [Participant]) -> Int {
        participants.count { $0.mergedInto == nil && RegisterRules.current($0.legal) != nil }
    }

    /// The record that stands for `id`, following merges; `id` itself where nothing is known.
    ///
    /// A chain comes about when a record that others were merged into is merged itself. A ring
    /// cannot; should one be stored all the same, the walk ends.
    package static func standing(
        for id: ParticipantID, mergedInto: (ParticipantID) throws -> ParticipantID?
    ) rethrows -> ParticipantID {
        var seen: Set<ParticipantID> = [id]
        var current = id
        while let next = try mergedInto(current), seen.insert(next).inserted { current = next }
        return current
    }
}
