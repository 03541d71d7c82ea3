package import Storage
package import Vocabulary

// Each follower keeps of these records what its own rules ask for, and no more. What the decision
// on who may see whom needs of them is the same everywhere, and stands here.

/// A follower's copy of a participant, in the table `participant_copy`.
///
/// The table has the column `merged_into`: the record that stands for this one too.
package protocol FollowedParticipant: StoredRecord {
    var facilityCode: String { get }
    var releaseDays: [Day] { get }
    /// Whether they stand in a book for detainees: no verdict holds yet.
    var isBeforeVerdict: Bool { get }
    /// When a verdict held; nil where no register book is known.
    var verdicts: [VerdictPeriod]? { get }
}

/// A follower's copy of a facility; its table has the column `code`.
package protocol FollowedFacility: StoredRecord {
    var zone: Zone { get }
}

/// A follower's copy of an agreement; its table has the column `facility`.
package protocol FollowedAgreement: StoredRecord {
    var institutionCodes: [String] { get }
}

/// A follower's copy of an enrollment; its table has the column `participant`.
package protocol FollowedEnrollment: StoredRecord {
    var endedOn: Day? { get }
}
