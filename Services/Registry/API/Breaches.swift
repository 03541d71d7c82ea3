package import RPC
package import Vocabulary

/// Something happened to people's data that should not have, and who was told of it.
///
/// It names nobody: whose data they were stands in the letters, which are sent from outside.
package struct Breach: Codable, Hashable, Sendable {
    package let id: BreachID
    package let facilityCode: String
    package let discoveredAt: Timestamp
    /// Until when people and agency must be told: 3 × 24 hours (UU 27/2022, article 46).
    package let dueAt: Timestamp
    package let reported: RegisterStep
    /// What is known, the oldest first; a later statement adds to or replaces what it says.
    package var statements: [BreachStatement]
    package var notices: [BreachNotice]

    package init(
        id: BreachID, facilityCode: String, discoveredAt: Timestamp, dueAt: Timestamp,
        reported: RegisterStep, statements: [BreachStatement], notices: [BreachNotice] = []
    ) {
        self.id = id
        self.facilityCode = facilityCode
        self.discoveredAt = discoveredAt
        self.dueAt = dueAt
        self.reported = reported
        self.statements = statements
        self.notices = notices
    }
}

/// The contents that a notice must have (UU 27/2022, article 46), each absent while unknown.
package struct BreachStatement: Codable, Hashable, Sendable {
    /// Which data were revealed.
    package let data: String?
    /// When and how.
    package let course: String?
    /// What is done about it, and to put it right.
    package let handling: String?
    /// How many people it concerns.
    package let people: Int?
    package let made: RegisterStep

    package init(
        data: String?, course: String?, handling: String?, people: Int?, made: RegisterStep
    ) {
        self.data = data
        self.course = course
        self.handling = handling
        self.people = people
        self.made = made
    }
}

/// That somebody was told.
package struct BreachNotice: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The people whose data they are.
        case subjects
        /// The agency that watches over personal data.
        case agency
    }

    package let to: Kind
    /// Such as `surat, diserahkan petugas registrasi`.
    package let channel: String
    package let sentAt: Timestamp
    package let recorded: RegisterStep

    package init(to: Kind, channel: String, sentAt: Timestamp, recorded: RegisterStep) {
        self.to = to
        self.channel = channel
        self.sentAt = sentAt
        self.recorded = recorded
    }
}

extension Breach {
    /// The newest word on each of the three contents.
    package var data: String? { statements.last { $0.data != nil }?.data }
    package var course: String? { statements.last { $0.course != nil }?.course }
    package var handling: String? { statements.last { $0.handling != nil }?.handling }
    package var people: Int? { statements.last { $0.people != nil }?.people }

    /// The required contents that nobody has stated yet, by their fields.
    package var missingContents: [String] {
        [("data", data), ("course", course), ("handling", handling)]
            .filter { $0.1 == nil }.map(\.0)
    }

    /// Whether everybody was told who must be.
    package var isTold: Bool {
        BreachNotice.Kind.allCases.allSatisfy { kind in notices.contains { $0.to == kind } }
    }
}

/// Reports a breach; what is not known yet is stated later.
package struct ReportBreach: RPCMethod {
    package static let name: MethodName = "registry.breach.report"
    package static let access = Access(roles: .breachReporters)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Breach

    package let id: BreachID
    package let facilityCode: String
    package let discoveredAt: Timestamp
    package let data: String?
    package let course: String?
    package let handling: String?
    package let people: Int?

    package init(
        id: BreachID, facilityCode: String, discoveredAt: Timestamp, data: String? = nil,
        course: String? = nil, handling: String? = nil, people: Int? = nil
    ) {
        self.id = id
        self.facilityCode = facilityCode
        self.discoveredAt = discoveredAt
        self.data = data
        self.course = course
        self.handling = handling
        self.people = people
    }

    package enum Refusal: String, RPCRefusal {
        case facilityUnknown = "facility-unknown"
        case idTaken = "breach-id-taken"

        package var status: StatusCode { self == .idTaken ? .alreadyExists : .failedPrecondition }

        package var explanation: String {
            switch self {
            case .facilityUnknown:
                "no facility has this code; an administrator must add the facility first"
            case .idTaken: "this id already names another breach; make a new id"
            }
        }
    }
}

/// States what has become known of a breach.
package struct StateBreach: RPCMethod {
    package static let name: MethodName = "registry.breach.state"
    package static let access = Access(roles: .breachReporters)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Breach

    package let breach: BreachID
    package let data: String?
    package let course: String?
    package let handling: String?
    package let people: Int?

    package init(
        breach: BreachID, data: String? = nil, course: String? = nil, handling: String? = nil,
        people: Int? = nil
    ) {
        self.breach = breach
        self.data = data
        self.course = course
        self.handling = handling
        self.people = people
    }
}

/// Records that the people or the agency were told.
package struct TellBreach: RPCMethod {
    package static let name: MethodName = "registry.breach.tell"
    package static let access = Access(roles: Set.managers.union([.administrator]))
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Breach

    package let breach: BreachID
    package let to: BreachNotice.Kind
    package let channel: String
    package let sentAt: Timestamp

    package init(breach: BreachID, to: BreachNotice.Kind, channel: String, sentAt: Timestamp) {
        self.breach = breach
        self.to = to
        self.channel = channel
        self.sentAt = sentAt
    }

    package enum Refusal: String, RPCRefusal {
        case contentMissing = "breach-content-missing"

        package var explanation: String {
            "a notice says which data, when and how, and what is done about it (UU 27/2022, "
                + "article 46); state what is missing with `pulih breach state`"
        }
    }
}

/// Shows the breaches, those whose clock runs first.
package struct ListBreaches: RPCMethod {
    package static let name: MethodName = "registry.breach.list"
    package static let access = Access(roles: .breachReporters)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package let facilityCode: String?
    /// Whether only those are shown of which not everybody was told.
    package let open: Bool?

    package init(facilityCode: String? = nil, open: Bool? = nil) {
        self.facilityCode = facilityCode
        self.open = open
    }

    /// A breach and its clock.
    package struct Line: Codable, Hashable, Sendable {
        /// Whole hours until all must be told, negative after that; absent once they are.
        package let hoursLeft: Int?
        package let overdue: Bool
        /// The required contents that nobody has stated yet.
        package let missing: [String]
        package let breach: Breach

        package init(hoursLeft: Int?, overdue: Bool, missing: [String], breach: Breach) {
            self.hoursLeft = hoursLeft
            self.overdue = overdue
            self.missing = missing
            self.breach = breach
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let lines: [Line]

        package init(lines: [Line]) {
            self.lines = lines
        }
    }
}

/// Shows one breach, for its letters.
package struct GetBreach: RPCMethod {
    package static let name: MethodName = "registry.breach.get"
    package static let access = Access(roles: .breachReporters)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = Breach

    package let breach: BreachID

    package init(breach: BreachID) {
        self.breach = breach
    }
}

extension Set<Role> {
    /// Who reports that data got out: whoever works with them.
    package static let breachReporters: Self = Self.managers.union(Set.clinicians).union([
        .registrar, .administrator, .auditor,
    ])
}
