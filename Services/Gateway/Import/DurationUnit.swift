import Shared

/// A field that is a date, written in the file as a duration after another date.
struct DurationUnit: Equatable {
    enum Length: String, CaseIterable {
        case days
        case weeks
        case months
    }

    /// A hundred years: more is a slip.
    static let countMax = 36_500

    let length: Length
    /// The date it counts from.
    let after: ImportField

    /// Reads `weeks:releasedOn`.
    init(_ text: String, for field: ImportField) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard field.isDate, parts.count == 2, let length = Length(rawValue: parts[0]),
            let base = ImportField(rawValue: parts[1]), base.isDate, base != field
        else {
            throw GatewayProblem(
                "the unit of \(field.rawValue): only dates have one, written days:FIELD, "
                    + "weeks:FIELD or months:FIELD, where FIELD is another date")
        }
        self.length = length
        after = base
    }

    /// The day that many units after `base`; nil where the number is out of range.
    func day(_ count: Int, after base: Day) -> Day? {
        guard (0...Self.countMax).contains(count) else { return nil }
        switch length {
        case .days: return base.adding(days: count)
        case .weeks: return base.adding(days: count * 7)
        case .months: return base.adding(months: count)
        }
    }
}
