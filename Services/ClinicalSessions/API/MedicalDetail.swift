/// What was found and given at a medical session, which has one participant.
package struct MedicalDetail: Codable, Hashable, Sendable {
    package let findings: String?
    package let medications: [Medication]

    package init(findings: String? = nil, medications: [Medication] = []) {
        self.findings = findings
        self.medications = medications
    }
}

/// A medicine as it was given.
package struct Medication: Codable, Hashable, Sendable {
    package enum Route: String, Codable, Hashable, Sendable, CaseIterable {
        case oral
        case sublingual
        case intramuscular
        case intravenous
        case subcutaneous
        case topical
        case inhaled
        case rectal
        case other
    }

    /// The generic name.
    package let name: String
    /// In `unit`; more than 0.
    package let dose: Double
    /// Such as `mg`.
    package let unit: String
    package let route: Route

    package init(name: String, dose: Double, unit: String, route: Route) {
        self.name = name
        self.dose = dose
        self.unit = unit
        self.route = route
    }
}
