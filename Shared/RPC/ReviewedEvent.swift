package import Vocabulary

/// Something that a member of staff did and that somebody else must look at afterwards.
///
/// It is shown by `pulih health` until it is reviewed; its review is never changed.
package protocol ReviewedEvent: Codable, Sendable {
    associatedtype Kind

    /// How health tells that some wait for a review.
    static var notice: HealthNotice.Kind { get }
    /// What one of them is called, and several.
    static var words: (one: String, several: String) { get }
    /// The command that lists them.
    static var command: String { get }

    var id: Identifier<Kind> { get }
    /// Who did it, as their certificate names them.
    var by: String { get }
    var review: Review? { get set }
}

/// What somebody else thought of an event afterwards.
package struct Review: Codable, Hashable, Sendable {
    /// Who, as their certificate names them.
    package let by: String
    package let at: Timestamp
    package let justified: Bool
    package let remark: String

    package init(by: String, at: Timestamp, justified: Bool, remark: String) {
        self.by = by
        self.at = at
        self.justified = justified
        self.remark = remark
    }
}

/// Says whether an event was justified; once, and never by whoever it is about.
package protocol ReviewCall: RPCMethod
where Reply: ReviewedEvent, Refusal == ReviewRefusal {
    var id: Identifier<Reply.Kind> { get }
    var justified: Bool { get }
    /// What the reviewer found, in 1 to 500 characters.
    var remark: String { get }
}

package enum ReviewRefusal: String, RPCRefusal {
    case ownAccess = "own-access"
    case alreadyReviewed = "already-reviewed"

    package var explanation: String {
        switch self {
        case .ownAccess: "nobody reviews what they did themselves; ask another"
        case .alreadyReviewed: "it was reviewed before, and a review is never changed"
        }
    }
}
