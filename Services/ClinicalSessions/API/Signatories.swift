package import Vocabulary

/// Names a member of staff: their code within their facility or institution.
package struct StaffReference: Codable, Hashable, Sendable {
    package let affiliation: Affiliation
    package let code: String

    package init(affiliation: Affiliation, code: String) {
        self.affiliation = affiliation
        self.code = code
    }
}

extension StaffReference: CustomStringConvertible {
    package var description: String { "\(affiliation)/\(code)" }
}

/// Who answers for a record, with the role they had when they made it.
///
/// The role stays with the record: a signature keeps its standing when its author changes office.
package struct Signatory: Codable, Hashable, Sendable {
    package let staff: StaffReference
    package let role: Role

    package init(staff: StaffReference, role: Role) {
        self.staff = staff
        self.role = role
    }

    /// The caller as their certificate names them.
    package init(_ person: PersonIdentity) {
        staff = StaffReference(affiliation: person.affiliation, code: person.code)
        role = person.role
    }
}

/// Says that a record stands in the place of an earlier one, and why.
package struct Correction<Noun>: Codable, Hashable, Sendable {
    /// The record that no longer stands; it is kept.
    package let of: Identifier<Noun>
    package let reason: String

    package init(of record: Identifier<Noun>, reason: String) {
        of = record
        self.reason = reason
    }
}
