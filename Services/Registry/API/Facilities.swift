package import RPC
package import Vocabulary

/// A detention facility (Rutan or Lapas) where programs run.
package struct Facility: Codable, Hashable, Sendable {
    package let id: FacilityID
    /// As certificates name it, such as `rutan-kraksaan`: small letters, digits and dashes.
    package let code: String
    package var name: String
    /// Decides which calendar day a moment belongs to.
    package var zone: Zone

    package init(id: FacilityID, code: String, name: String, zone: Zone) {
        self.id = id
        self.code = code
        self.name = name
        self.zone = zone
    }
}

/// A partner of a facility: a narcotics board, a foundation, a hospital.
package struct Institution: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// BNN, BNNP or BNNK.
        case narcoticsBoard = "narcotics-board"
        case foundation
        case hospital
        /// Bapas: probation and aftercare.
        case probation
        case other
    }

    package let id: InstitutionID
    /// As certificates name it, such as `bnnk-pasuruan`.
    package let code: String
    package var name: String
    package var kind: Kind

    package init(id: InstitutionID, code: String, name: String, kind: Kind) {
        self.id = id
        self.code = code
        self.name = name
        self.kind = kind
    }
}

/// Makes a facility known.
///
/// Certificates that name its code work from then on; a code is never reused.
package struct AddFacility: RPCMethod {
    package static let name: MethodName = "registry.facility.add"
    package static let access = Access.staff(.administrator)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Facility

    package let facility: Facility

    package init(facility: Facility) {
        self.facility = facility
    }

    package enum Refusal: String, RPCRefusal {
        case codeTaken = "facility-code-taken"
        case idTaken = "facility-id-taken"

        package var status: StatusCode { .alreadyExists }

        package var explanation: String {
            switch self {
            case .codeTaken: "another facility has this code; choose one that is not in use"
            case .idTaken: "this id already names a facility with other content; make a new id"
            }
        }
    }
}

/// Shows all facilities.
package struct ListFacilities: RPCMethod {
    package static let name: MethodName = "registry.facility.list"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        package let facilities: [Facility]

        package init(facilities: [Facility]) {
            self.facilities = facilities
        }
    }
}

/// Makes a partner institution known.
package struct AddInstitution: RPCMethod {
    package static let name: MethodName = "registry.institution.add"
    package static let access = Access.staff(.administrator)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Institution

    package let institution: Institution

    package init(institution: Institution) {
        self.institution = institution
    }

    package enum Refusal: String, RPCRefusal {
        case codeTaken = "institution-code-taken"
        case idTaken = "institution-id-taken"

        package var status: StatusCode { .alreadyExists }

        package var explanation: String {
            switch self {
            case .codeTaken: "another institution has this code; choose one that is not in use"
            case .idTaken: "this id already names an institution with other content; make a new id"
            }
        }
    }
}

/// Shows all partner institutions.
package struct ListInstitutions: RPCMethod {
    package static let name: MethodName = "registry.institution.list"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        package let institutions: [Institution]

        package init(institutions: [Institution]) {
            self.institutions = institutions
        }
    }
}
