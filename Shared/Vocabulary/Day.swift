/// A calendar date without a time or a zone, such as a birth date or the date of a verdict.
///
/// Stored as days since 1970-01-01 in the proleptic Gregorian calendar; written as ISO 8601
/// `YYYY-MM-DD`. Years 1800 to 2999 are accepted: anything else in these records is a slip.
package struct Day: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let number: Int

    /// A day by its number.
    ///
    /// Only arithmetic on valid days produces one, so it is not checked.
    package init(number: Int) {
        self.number = number
    }

    /// A day by its parts; nil where the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1800...2999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.length(of: month, in: year)
        else { return nil }
        number = Self.number(year: year, month: month, day: day)
    }

    /// Reads `YYYY-MM-DD`; nil for any other form and for days that do not exist.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2d, bytes[7] == 0x2d,
            let year = Self.digits(bytes[0..<4]), let month = Self.digits(bytes[5..<7]),
            let day = Self.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func < (one: Day, other: Day) -> Bool { one.number < other.number }

    package func adding(days: Int) -> Day { Day(number: number + days) }

    /// Days from `other` to this day; negative where `other` is later.
    package func days(since other: Day) -> Int { number - other.number }

    /// The same day of the month, `months` later, or the last day of a shorter month.
    package func adding(months: Int) -> Day {
        let (year, month, day) = parts
        let count = year * 12 + (month - 1) + months
        let newYear = count >= 0 ? count / 12 : (count - 11) / 12
        let newMonth = count - newYear * 12 + 1
        let newDay = min(day, Self.length(of: newMonth, in: newYear))
        return Day(number: Self.number(year: newYear, month: newMonth, day: newDay))
    }

    /// Completed years on `day` of a person born on this day.
    package func age(on day: Day) -> Int {
        let (birthYear, birthMonth, birthDay) = parts
        let (year, month, dayOfMonth) = day.parts
        let hadBirthday = (month, dayOfMonth) >= (birthMonth, birthDay)
        return year - birthYear - (hadBirthday ? 0 : 1)
    }

    /// Year, month and day of the month.
    ///
    /// After Howard Hinnant's account of civil calendar algorithms: count eras of 400 years from
    /// 0000-03-01, so that the leap day is the last of its year.
    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }

    private static func number(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    static func padded(_ value: Int, to width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}

extension Day: CustomStringConvertible {
    package var description: String {
        let (year, month, day) = parts
        return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
    }
}

extension Day: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let day = Day(text: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a date must be written YYYY-MM-DD and exist"))
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
