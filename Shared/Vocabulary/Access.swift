/// What a member of staff is, and so what they may ask for.
package enum Role: String, Codable, Hashable, Sendable, CaseIterable {
    /// Registrasi: identity, legal status, enrollment papers.
    case registrar
    /// Pengamanan: security; sees who must be moved where, nothing clinical.
    case security
    /// Physician or nurse: examination, withdrawal care, medication, urine tests.
    case physician
    /// The facility's own counselor.
    case counselor
    /// The narcotics board's counselor.
    case boardCounselor = "board-counselor"
    case psychologist
    case programManager = "program-manager"
    /// Kepala Rutan.
    case facilityHead = "facility-head"
    /// Kepala BNNK.
    case boardHead = "board-head"
    /// The integrated team that watches whether the program works.
    case integratedTeam = "integrated-team"
    /// Bapas or the board's aftercare officer.
    case aftercareOfficer = "aftercare-officer"
    case auditor
    /// Keeps machines and master data; reads no clinical data.
    case administrator
}

/// How sensitive a record is, and so who may be near it.
package enum Section: String, Codable, Hashable, Sendable, CaseIterable {
    /// Master data and the state of machines: nothing about a person.
    case operational
    case identity
    case legal
    /// Stage, attendance, schedule, progress.
    case program
    /// Screening, assessment, scores, urine tests.
    case clinical
    /// What was said in counseling.
    case counseling
    /// Figures over many people.
    case aggregate
}

/// Who may make a call: everybody who is not named is refused.
package struct Access: Hashable, Sendable {
    package let roles: Set<Role>
    package let services: Set<ServiceName>
    /// The same as a bit for each, since every call asks.
    private let roleBits: UInt32
    private let serviceBits: UInt32

    package init(roles: Set<Role>, services: Set<ServiceName> = []) {
        self.roles = roles
        self.services = services
        roleBits = roles.reduce(0) { $0 | $1.bit }
        serviceBits = services.reduce(0) { $0 | $1.bit }
    }

    /// Any member of staff and any service with a valid certificate.
    package static let everyone = Access(
        roles: Set(Role.allCases), services: Set(ServiceName.allCases))

    /// Staff in one of these roles.
    package static func staff(_ roles: Role...) -> Access { Access(roles: Set(roles)) }

    /// Only the named services: a feed.
    package static func services(_ services: ServiceName...) -> Access {
        Access(roles: [], services: Set(services))
    }

    package func allows(_ identity: Identity) -> Bool {
        switch identity {
        case .person(let person): roleBits & person.role.bit != 0
        case .service(let service): serviceBits & service.name.bit != 0
        }
    }
}

extension Role {
    /// A bit of its own for each role; never leaves the process.
    fileprivate var bit: UInt32 {
        switch self {
        case .registrar: 1
        case .security: 1 << 1
        case .physician: 1 << 2
        case .counselor: 1 << 3
        case .boardCounselor: 1 << 4
        case .psychologist: 1 << 5
        case .programManager: 1 << 6
        case .facilityHead: 1 << 7
        case .boardHead: 1 << 8
        case .integratedTeam: 1 << 9
        case .aftercareOfficer: 1 << 10
        case .auditor: 1 << 11
        case .administrator: 1 << 12
        }
    }
}

extension ServiceName {
    fileprivate var bit: UInt32 {
        switch self {
        case .registry: 1
        case .clinical: 1 << 1
        case .evaluation: 1 << 2
        }
    }
}

/// Named groups of roles, so that a method's declaration reads as a sentence.
extension Set<Role> {
    /// Who treats people.
    package static let clinicians: Self = [.physician, .psychologist, .counselor, .boardCounselor]
    /// Who keeps the program running.
    package static let managers: Self = [.programManager, .facilityHead, .boardHead]
    /// Who keeps the papers.
    package static let registration: Self = [.registrar, .programManager]
    /// Who may see progress but not what was said.
    package static let watchers: Self = [
        .integratedTeam, .facilityHead, .boardHead, .programManager,
    ]
}
