package import Vocabulary

/// Which records the registry has found to be of one person.
///
/// What was recorded under a record that was merged stays there: it is found under the other.
package struct Merges: Hashable, Sendable {
    private let standing: [ParticipantID: ParticipantID]

    /// `standing` names, for a record that was merged, the one that stands for the person; a
    /// record that it leaves out stands for itself.
    package init(standing: [ParticipantID: ParticipantID] = [:]) {
        self.standing = standing
    }

    package func standing(for record: ParticipantID) -> ParticipantID {
        standing[record] ?? record
    }

    package func isSame(_ one: ParticipantID, _ other: ParticipantID) -> Bool {
        standing(for: one) == standing(for: other)
    }
}
