package import Vocabulary

/// That a member of staff asked for the clinical records or notes of more people within an hour
/// than anybody can have to do with, and was refused.
///
/// There is one for each reader and hour, however often they are refused within it. Each service
/// counts by itself, and has its own. Every service answers these calls.
package struct BulkReading: Codable, Hashable, Sendable {
    package let id: BulkReadingID
    /// Who read, as their certificate names them.
    package let by: String
    /// How many people's records they had read within the hour before a refusal; the most of any.
    package var people: Int
    /// How many more people a refused call would have shown; the most of any.
    package var further: Int
    /// What they were refused, in the order in which it was asked for.
    package var sections: [Section]
    /// For what they said that they read, in the same order.
    package var purposes: [PurposeOfUse]
    /// When they were refused first.
    package let firstAt: Timestamp
    /// When they were refused last; up to a minute later they may have been again.
    package var lastAt: Timestamp
    package var review: Review?

    package init(
        id: BulkReadingID, by: String, people: Int, further: Int, sections: [Section],
        purposes: [PurposeOfUse], firstAt: Timestamp, lastAt: Timestamp, review: Review? = nil
    ) {
        self.id = id
        self.by = by
        self.people = people
        self.further = further
        self.sections = sections
        self.purposes = purposes
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.review = review
    }
}

extension BulkReading: ReviewedEvent {
    package static var notice: HealthNotice.Kind { .bulkReadingToReview }
    package static var words: (one: String, several: String) {
        ("reading of very many people's records", "readings of very many people's records")
    }
    package static var command: String { "pulih bulk-reading list" }
}

/// Says whether there was a good reason to read so many; once, and never by the reader.
package struct ReviewBulkReading: ReviewCall {
    package static let name: MethodName = "rpc.bulkreading.review"
    package static let access = Access(roles: .managers)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = BulkReading
    package typealias Refusal = ReviewRefusal

    package let id: BulkReadingID
    package let justified: Bool
    package let remark: String

    package init(id: BulkReadingID, justified: Bool, remark: String) {
        self.id = id
        self.justified = justified
        self.remark = remark
    }
}

/// Shows bulk readings, those first that wait for a review.
///
/// It names staff and no participant, so it is not bounded by who is within the caller's reach: a
/// reader of whom no head of their own place may judge would be seen by nobody.
package struct ListBulkReadings: RPCMethod {
    package static let name: MethodName = "rpc.bulkreading.list"
    package static let access = Access(roles: Set.managers.union([.auditor]))
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    /// Whether those that are reviewed are shown too.
    package let includingReviewed: Bool?

    package init(includingReviewed: Bool? = nil) {
        self.includingReviewed = includingReviewed
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let readings: [BulkReading]

        package init(readings: [BulkReading]) {
            self.readings = readings
        }
    }
}
