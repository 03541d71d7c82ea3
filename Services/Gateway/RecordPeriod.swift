import RegistryAPI
import Shared

/// The days whose records a document may hold; both ends are among them.
struct RecordPeriod: Equatable, Sendable {
    let from: Day?
    let through: Day?
    /// By whose clock an hour belongs to a day.
    let zone: Zone

    /// What a disclosure is limited to; nil where it holds the records of all days.
    init?(_ disclosure: Disclosure, zone: Zone) {
        guard disclosure.from != nil || disclosure.through != nil else { return nil }
        from = disclosure.from
        through = disclosure.through
        self.zone = zone
    }

    /// A reply without the records of other days, at whatever depth they stand.
    ///
    /// A record is whatever has a day of its own; what has none, such as a name, goes with what it
    /// stands in.
    func keeping(_ reply: CBORValue) -> CBORValue {
        switch reply {
        case .array(let items): .array(items.filter(isWithin).map(keeping))
        case .map(let pairs):
            .map(
                pairs.filter { isWithin($0.value) }
                    .map { CBORPair(key: $0.key, value: keeping($0.value)) })
        default: reply
        }
    }

    /// The fields that say on which day a record is of, the surest first.
    private static let days = [
        "day", "recordedOn", "signedOn", "decidedOn", "firstPositiveOn", "at", "setAt",
        "reportedOn",
    ]
    /// The fields that say when something began that may go on.
    private static let beginnings = ["openedOn", "from"]

    private func isWithin(_ record: CBORValue) -> Bool {
        if let day = day(of: record, Self.days) { return isWithin(day, day) }
        guard let beginning = day(of: record, Self.beginnings) else { return true }
        let end =
            day(of: record, ["until"])
            ?? record.field("exit").flatMap { day(of: $0, ["day"]) }
        return isWithin(beginning, end)
    }

    /// `last`: nil where it goes on.
    private func isWithin(_ first: Day, _ last: Day?) -> Bool {
        if let through, first > through { return false }
        if let from, let last, last < from { return false }
        return true
    }

    private func day(of record: CBORValue, _ fields: [String]) -> Day? {
        for field in fields {
            guard let text = record.field(field).map(Table.word) else { continue }
            if let day = Day(text: text) ?? Timestamp(text: text)?.day(in: zone) { return day }
        }
        return nil
    }
}

extension CBORValue {
    /// The value of a field of an object; nil where this is none, or has it not.
    func field(_ name: String) -> CBORValue? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key == .text(name) }?.value
    }
}
