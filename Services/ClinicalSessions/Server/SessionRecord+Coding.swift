internal import ClinicalAPI
internal import Storage
internal import Vocabulary

/// Written with what is sealed beside the session, so that each part has its own key.
extension SessionRecord {
    private enum CodingKeys: String, CodingKey {
        case session
        case zone
        case statusReason
        case corrections
        case medical
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        var session = try fields.decode(Session.self, forKey: .session)
        // In a record from before anything was sealed they stand in the session.
        if let reason = try fields.decodeIfPresent(String.self, forKey: .statusReason) {
            session.statusReason = reason
        }
        if let corrections = try fields.decodeIfPresent(
            [SheetCorrection].self, forKey: .corrections)
        {
            session.corrections = corrections
        }
        if let medical = try fields.decodeIfPresent(MedicalDetail.self, forKey: .medical) {
            session.medical = medical
        }
        self.init(session: session, zone: try fields.decode(Zone.self, forKey: .zone))
    }

    package func encode(to encoder: any Encoder) throws {
        var session = session
        session.statusReason = nil
        session.corrections = []
        session.medical = nil
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(session, forKey: .session)
        try fields.encode(zone, forKey: .zone)
        try fields.encodeIfPresent(self.session.statusReason, forKey: .statusReason)
        try fields.encode(self.session.corrections, forKey: .corrections)
        try fields.encodeIfPresent(self.session.medical, forKey: .medical)
    }
}
