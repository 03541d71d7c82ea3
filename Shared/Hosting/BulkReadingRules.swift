internal import RPC
internal import Vocabulary

/// A read that would have shown more people than one caller may read of within an hour.
struct TooManyPeople: Error, Hashable, Sendable {
    /// How many they had read within the hour.
    let read: Int
    /// How many more the call would have shown.
    let further: Int
}

/// A call that was refused because its caller had read so many.
struct RefusedBulkRead: Sendable {
    let excess: TooManyPeople
    let reader: Identity
    let section: Section
    let purpose: PurposeOfUse?
    let at: Timestamp
}

/// Decides what becomes of a refused call for whoever must look at it.
enum BulkReadingRules {
    /// For how long after the first refusal others belong to the same reading, in seconds.
    static let window: Int64 = 3600
    /// For how long after a refusal a like one adds nothing, in seconds: so whoever is refused again
    /// and again adds at most one entry a minute to the journal, and one for each new section and
    /// purpose.
    static let quiet: Int64 = 60

    /// The reading with a refused call in it; nil where that adds nothing.
    ///
    /// `known`: the reading of the same reader whose window has not ended.
    static func noted(
        _ call: RefusedBulkRead, known: BulkReading?, id: BulkReadingID
    ) -> BulkReading? {
        var reading =
            known
            ?? BulkReading(
                id: id, by: call.reader.description, people: 0, further: 0, sections: [],
                purposes: [], firstAt: call.at, lastAt: call.at)
        // A review says what somebody saw, so nothing changes after it.
        guard reading.review == nil else { return nil }
        var isNews = known == nil || call.at.seconds(since: reading.lastAt) >= quiet
        if !reading.sections.contains(call.section) {
            reading.sections.append(call.section)
            isNews = true
        }
        if let purpose = call.purpose, !reading.purposes.contains(purpose) {
            reading.purposes.append(purpose)
            isNews = true
        }
        guard isNews else { return nil }
        reading.people = max(reading.people, call.excess.read)
        reading.further = max(reading.further, call.excess.further)
        reading.lastAt = max(reading.lastAt, call.at)
        return reading
    }
}
