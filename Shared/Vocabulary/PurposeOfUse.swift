/// Why somebody reads a person's data, in the codes of HL7 v3 ActReason, value set PurposeOfUse
/// (2.16.840.1.113883.1.11.20448): those for which this program has a use.
package enum PurposeOfUse: String, Codable, Hashable, Sendable, CaseIterable {
    /// Examining, counseling, treating, and what follows release.
    case treatment = "TREAT"
    /// An emergency in which nobody can wait for consent: only by an emergency access.
    case emergency = "ETREAT"
    /// Running and jointly evaluating the program.
    case operations = "HOPERAT"
    /// Keeping the papers of the program.
    case administration = "PATADMIN"
    /// Research on people who can be told apart.
    case research = "HRESCH"
    /// A request of police, prosecutor or court, entered in its register.
    case legal = "HLEGAL"
    /// The person asked for their own record.
    case ownRequest = "PATRQT"

    /// What makes processing for this purpose lawful: article 20 (2) of UU 27/2022 by its letters.
    ///
    /// To be confirmed article by article by a lawyer of the facility.
    package var legalBasis: String {
        switch self {
        case .treatment: "UU 27/2022 art. 20(2)(a) explicit consent, (e) public task"
        case .emergency: "UU 27/2022 art. 20(2)(d) vital interests"
        case .operations: "UU 27/2022 art. 20(2)(e) public task, under the agreement"
        case .administration: "UU 27/2022 art. 20(2)(c) legal obligation"
        case .research: "UU 27/2022 art. 20(2)(a) explicit consent"
        case .legal: "UU 27/2022 art. 20(2)(c) legal obligation, on a written request"
        case .ownRequest: "UU 27/2022 art. 7 the subject's right to a copy"
        }
    }

    /// The same in Indonesian, for the prints that an outside office reads.
    package var legalBasisInIndonesian: String {
        let article = "UU 27/2022 Pasal 20 ayat (2)"
        return switch self {
        case .treatment: "\(article) huruf a (persetujuan) dan e (pelayanan publik)"
        case .emergency: "\(article) huruf d (kepentingan vital)"
        case .operations: "\(article) huruf e (pelayanan publik), menurut perjanjian kerja sama"
        case .administration: "\(article) huruf c (kewajiban hukum)"
        case .research: "\(article) huruf a (persetujuan)"
        case .legal: "\(article) huruf c (kewajiban hukum), atas permintaan tertulis"
        case .ownRequest: "UU 27/2022 Pasal 7 (hak subjek atas salinan)"
        }
    }
}

extension Role {
    /// For what somebody in this role may read.
    package var purposes: Set<PurposeOfUse> {
        switch self {
        case .registrar: [.administration, .ownRequest]
        case .security: [.administration]
        case .physician, .psychologist, .counselor, .boardCounselor:
            // Who treats somebody also puts together what a granted request covers.
            [.treatment, .emergency, .operations, .ownRequest, .legal]
        case .programManager: [.operations, .administration, .ownRequest, .legal]
        case .facilityHead, .boardHead: [.operations, .legal]
        case .integratedTeam: [.operations, .research]
        case .aftercareOfficer: [.treatment, .operations]
        case .auditor, .administrator: []
        }
    }
}

extension Section {
    /// Whether a reader must say for what they read it.
    package var needsPurpose: Bool { self == .clinical || self == .counseling }

    /// Whether it speaks of people one by one.
    package var isPersonal: Bool { self != .operational && self != .aggregate }
}
