package import ClinicalAPI
package import RPC
package import Vocabulary

/// When and where a call is judged.
package struct Moment: Hashable, Sendable {
    package let now: Timestamp
    /// The facility's: it decides which day it is.
    package let zone: Zone

    package init(now: Timestamp, zone: Zone) {
        self.now = now
        self.zone = zone
    }

    package var today: Day { now.day(in: zone) }
}

/// Checks of single fields, which hold whatever is recorded already.
package enum Input {
    private static let earliest = Day(year: 1990, month: 1, day: 1) ?? Day(number: 0)

    /// A text that is not blank, within a length in characters, without control characters.
    ///
    /// Line feeds and tabs are allowed where it is `multiline`.
    package static func text(
        _ text: String, _ field: String, atMost limit: Int = 500, multiline: Bool = false
    ) throws(InvalidInput) {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw InvalidInput(field, "must not be blank")
        }
        // Bytes first: counting characters of a hostile text takes long.
        guard text.utf8.count <= limit * 4, text.count <= limit else {
            throw InvalidInput(field, "must have at most \(limit) characters")
        }
        for scalar in text.unicodeScalars {
            let isBreak = scalar == "\n" || scalar == "\t"
            if isBreak, multiline { continue }
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                throw InvalidInput(field, "must not contain control characters")
            default: break
            }
        }
    }

    /// A text that may be absent.
    package static func text(
        optional text: String?, _ field: String, atMost limit: Int = 500, multiline: Bool = false
    ) throws(InvalidInput) {
        guard let text else { return }
        try Self.text(text, field, atMost: limit, multiline: multiline)
    }

    /// A day on which something has happened.
    package static func past(
        _ day: Day, _ field: String, _ moment: Moment
    ) throws(InvalidInput) {
        guard day <= moment.today else { throw InvalidInput(field, "must not lie in the future") }
        guard day >= earliest else { throw InvalidInput(field, "must not be before 1990") }
    }

    /// A moment at which something has happened.
    package static func past(
        _ time: Timestamp, _ field: String, _ moment: Moment
    ) throws(InvalidInput) {
        guard time <= moment.now else { throw InvalidInput(field, "must not lie in the future") }
        guard time.day(in: moment.zone) >= earliest else {
            throw InvalidInput(field, "must not be before 1990")
        }
    }

    package static func range(
        _ value: Int, _ field: String, _ range: ClosedRange<Int>
    ) throws(InvalidInput) {
        guard range.contains(value) else {
            throw InvalidInput(
                field, "must lie between \(range.lowerBound) and \(range.upperBound)")
        }
    }

    /// A list of bounded length in which nothing stands twice.
    package static func distinct<Element: Hashable>(
        _ list: [Element], _ field: String, _ count: ClosedRange<Int>
    ) throws(InvalidInput) {
        guard count.contains(list.count) else {
            throw InvalidInput(
                field, "must have \(count.lowerBound) to \(count.upperBound) entries")
        }
        guard Set(list).count == list.count else {
            throw InvalidInput(field, "must not name the same twice")
        }
    }

    package static func staff(
        _ staff: StaffReference, _ field: String
    ) throws(InvalidInput) {
        try text(staff.code, "\(field).code", atMost: 60)
        try text(staff.affiliation.code, "\(field).affiliation.code", atMost: 60)
    }
}

/// What a call comes to for the record it names.
package enum Change<Record: Hashable & Sendable>: Hashable, Sendable {
    /// The record's new state, to be stored.
    case store(Record)
    /// The call was made before: the record stays as it is.
    case unchanged(Record)

    package var record: Record {
        switch self {
        case .store(let record), .unchanged(let record): record
        }
    }
}
