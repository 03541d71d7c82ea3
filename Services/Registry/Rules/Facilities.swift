import RPC
package import RegistryAPI

/// Decides on facilities.
package enum FacilityRules {
    /// Adds a facility, where `known` is every one there is.
    package static func add(_ call: AddFacility, known: [Facility]) throws -> Facility {
        let facility = call.facility
        try Input.code(facility.code, "facility.code")
        try Input.text(facility.name, "facility.name")
        if let same = known.first(where: { $0.id == facility.id }) {
            guard same == facility else { throw Refused(AddFacility.Refusal.idTaken) }
            return same
        }
        guard !known.contains(where: { $0.code == facility.code }) else {
            throw Refused(AddFacility.Refusal.codeTaken, facility.code)
        }
        return facility
    }
}

/// Decides on partner institutions.
package enum InstitutionRules {
    /// Adds an institution, where `known` is every one there is.
    package static func add(_ call: AddInstitution, known: [Institution]) throws -> Institution {
        let institution = call.institution
        try Input.code(institution.code, "institution.code")
        try Input.text(institution.name, "institution.name")
        if let same = known.first(where: { $0.id == institution.id }) {
            guard same == institution else { throw Refused(AddInstitution.Refusal.idTaken) }
            return same
        }
        guard !known.contains(where: { $0.code == institution.code }) else {
            throw Refused(AddInstitution.Refusal.codeTaken, institution.code)
        }
        return institution
    }
}
