/// A national identity number (NIK) that is well formed by construction.
///
/// Sixteen digits: region (6), birth date as DDMMYY with 40 added to a woman's day (6), serial (4).
/// Well formed does not mean true: real numbers disagree with the birth date they encode, so
/// comparing the two is a warning for a person to read, never a refusal.
package struct NationalID: Hashable, Sendable {
    /// The sixteen digits; sensitive, so `description` masks them.
    package let digits: String

    /// Checks and takes a number.
    ///
    /// - Throws: ``NationalIDError`` where the text is not sixteen digits, or encodes a day or a
    ///   month that no calendar has.
    package init(_ text: String) throws(NationalIDError) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, let day = Day.digits(bytes[6..<8]),
            let month = Day.digits(bytes[8..<10]), Day.digits(bytes[0..<16]) != nil
        else { throw .notSixteenDigits }
        guard (1...31).contains(day) || (41...71).contains(day) else { throw .impossibleDay }
        guard (1...12).contains(month) else { throw .impossibleMonth }
        digits = text
    }

    /// What the number says of its holder that the given facts do not.
    ///
    /// Each is a warning for a person to read.
    package func disagreements(sex: Sex, birthDate: Day?) -> [NationalIDWarning] {
        let bytes = Array(digits.utf8)
        guard let encodedDay = Day.digits(bytes[6..<8]), let month = Day.digits(bytes[8..<10]),
            let year = Day.digits(bytes[10..<12])
        else { return [] }
        var warnings: [NationalIDWarning] = []
        let encodedSex: Sex = encodedDay > 40 ? .female : .male
        if !sex.agrees(with: encodedSex) { warnings.append(.sexDiffers) }
        if let parts = birthDate?.parts {
            let day = encodedDay > 40 ? encodedDay - 40 : encodedDay
            if (parts.day, parts.month, parts.year % 100) != (day, month, year) {
                warnings.append(.birthDateDiffers)
            }
        }
        return warnings
    }
}

extension NationalID: CustomStringConvertible {
    /// Masked, so that no log line and no error message can carry the number.
    package var description: String { "NIK…\(digits.suffix(4))" }
}

extension NationalID: CustomReflectable {
    /// Masked too: a dump of a record must not carry the number either.
    package var customMirror: Mirror { Mirror(self, children: ["digits": description]) }
}

extension NationalID: Codable {
    package init(from decoder: any Decoder) throws {
        do {
            try self.init(decoder.singleValueContainer().decode(String.self))
        } catch let error as NationalIDError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digits)
    }
}

/// Why a text is not a national identity number.
package enum NationalIDError: Error, Hashable, Sendable, CustomStringConvertible {
    case notSixteenDigits
    case impossibleDay
    case impossibleMonth

    package var description: String {
        switch self {
        case .notSixteenDigits: "a NIK has exactly 16 digits"
        case .impossibleDay: "digits 7 and 8 of a NIK are a day: 01-31, or 41-71 for a woman"
        case .impossibleMonth: "digits 9 and 10 of a NIK are a month: 01-12"
        }
    }
}

/// A disagreement between a number and the facts recorded beside it.
package enum NationalIDWarning: String, Codable, Hashable, Sendable {
    case sexDiffers = "nik-sex-differs"
    case birthDateDiffers = "nik-birth-date-differs"
}

/// Administrative sex, with the codes of FHIR: the two that Indonesian identity papers use, and the
/// one for a source that does not say.
package enum Sex: String, Codable, Hashable, Sendable, CaseIterable {
    case male
    case female
    /// Not recorded: only on records that were imported from an earlier cohort.
    case unknown

    /// Whether both may be the same, because neither is known to be the other.
    package func agrees(with other: Sex) -> Bool {
        self == other || self == .unknown || other == .unknown
    }
}
