package import Vocabulary

/// Who wrote something into a register, and when.
///
/// What stands in a register is never overwritten: each step is added to those before.
package struct RegisterStep: Codable, Hashable, Sendable {
    /// As their certificate names them.
    package let by: String
    package let at: Timestamp

    package init(by: String, at: Timestamp) {
        self.by = by
        self.at = at
    }
}

/// What became of a request.
package enum RequestOutcome: String, Codable, Hashable, Sendable, CaseIterable {
    case granted
    /// Some of what was asked.
    case partly
    case refused
}
