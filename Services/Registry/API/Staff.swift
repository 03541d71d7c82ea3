package import RPC
package import Vocabulary

/// Somebody who works in the program, for the facility or for a partner.
package struct Staff: Codable, Hashable, Sendable {
    package let id: StaffID
    /// As their certificate names them, within their facility or institution.
    package let code: String
    package var name: String
    package let affiliation: Affiliation
    package let role: Role
    /// Their office, as written under a signature.
    package var title: String
    /// False for somebody who left; what they signed stays signed.
    package var active: Bool

    package init(
        id: StaffID, code: String, name: String, affiliation: Affiliation, role: Role,
        title: String, active: Bool = true
    ) {
        self.id = id
        self.code = code
        self.name = name
        self.affiliation = affiliation
        self.role = role
        self.title = title
        self.active = active
    }
}

/// Makes a member of staff known, so that papers can name them.
///
/// Somebody with another role is another member of staff: what was signed keeps its standing.
package struct AddStaff: RPCMethod {
    package static let name: MethodName = "registry.staff.add"
    package static let access = Access.staff(.administrator, .programManager)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Staff

    package let member: Staff

    package init(member: Staff) {
        self.member = member
    }

    package enum Refusal: String, RPCRefusal {
        case affiliationUnknown = "affiliation-unknown"
        case codeTaken = "staff-code-taken"
        case idTaken = "staff-id-taken"

        package var status: StatusCode {
            switch self {
            case .affiliationUnknown: .failedPrecondition
            case .codeTaken, .idTaken: .alreadyExists
            }
        }

        package var explanation: String {
            switch self {
            case .affiliationUnknown:
                "no facility or institution has this code; an administrator must add it first"
            case .codeTaken:
                "another member of staff has this code there; choose one that is not in use"
            case .idTaken: "this id already names somebody with other content; make a new id"
            }
        }
    }
}

/// Shows members of staff, all or those of one facility or institution.
package struct ListStaff: RPCMethod {
    package static let name: MethodName = "registry.staff.list"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package let affiliation: Affiliation?
    /// Whether those who left are shown too.
    package let includingFormer: Bool

    package init(affiliation: Affiliation? = nil, includingFormer: Bool = false) {
        self.affiliation = affiliation
        self.includingFormer = includingFormer
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let staff: [Staff]

        package init(staff: [Staff]) {
            self.staff = staff
        }
    }
}
