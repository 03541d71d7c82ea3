/// A moment, in microseconds since 1970-01-01T00:00:00Z.
///
/// Written as RFC 3339 in UTC with exactly six decimals, so that text sorts as time does.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Reads RFC 3339 in UTC: `2026-01-31T08:00:00Z`, with up to six decimals.
    ///
    /// An offset such as `+07:00` is understood; a missing one is refused, because a time
    /// without a zone is a different moment in each of Indonesia's three.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 32, bytes[10] == 0x54 || bytes[10] == 0x20,
            bytes[13] == 0x3a, bytes[16] == 0x3a,
            let day = Day(text: String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = Day.digits(bytes[11..<13]), let minute = Day.digits(bytes[14..<16]),
            let second = Day.digits(bytes[17..<19]), hour < 24, minute < 60, second < 60
        else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == 0x2e {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard (1...6).contains(digits.count), let value = Day.digits(digits) else { return nil }
            fraction = (digits.count..<6).reduce(Int64(value)) { value, _ in value * 10 }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = Self.offsetSeconds(rest) else { return nil }
        let seconds = day.number * 86_400 + hour * 3600 + minute * 60 + second - offset
        microseconds = Int64(seconds) * 1_000_000 + fraction
    }

    private static func offsetSeconds(_ text: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(text)
        if bytes == [0x5a] { return 0 }
        guard bytes.count == 6, bytes[0] == 0x2b || bytes[0] == 0x2d, bytes[3] == 0x3a,
            let hours = Day.digits(bytes[1..<3]), let minutes = Day.digits(bytes[4..<6]),
            hours < 15, minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return bytes[0] == 0x2b ? seconds : -seconds
    }

    package static func < (one: Timestamp, other: Timestamp) -> Bool {
        one.microseconds < other.microseconds
    }

    package func adding(seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + seconds * 1_000_000)
    }

    /// Seconds from `other` to this moment, rounded toward zero.
    package func seconds(since other: Timestamp) -> Int64 {
        (microseconds - other.microseconds) / 1_000_000
    }

    /// The calendar date at this moment in `zone`.
    package func day(in zone: Zone) -> Day {
        let local = microseconds + Int64(zone.hoursAheadOfUTC) * 3_600_000_000
        return Day(number: Int(Self.floorDivision(local, 86_400_000_000)))
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}

extension Day {
    /// The moment at which the day begins in `zone`.
    package func start(in zone: Zone) -> Timestamp {
        Timestamp(microseconds: 0)
            .adding(seconds: Int64(number) * 86_400 - Int64(zone.hoursAheadOfUTC) * 3600)
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String {
        let day = Day(number: Int(Self.floorDivision(microseconds, 86_400_000_000)))
        let rest = Int(microseconds - Int64(day.number) * 86_400_000_000)
        let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000)
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { Day.padded($0, to: 2) }.joined(separator: ":")
        return "\(day)T\(clock).\(Day.padded(fraction, to: 6))Z"
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let time = Timestamp(text: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "a time must be written as RFC 3339 with its zone, as 2026-01-31T08:00:00Z"
                ))
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// One of Indonesia's three time zones; none of them shifts in summer.
package enum Zone: String, Codable, Sendable, CaseIterable {
    /// Western Indonesia, where Kraksaan and Pasuruan lie.
    case wib = "WIB"
    case wita = "WITA"
    case wit = "WIT"

    package var hoursAheadOfUTC: Int {
        switch self {
        case .wib: 7
        case .wita: 8
        case .wit: 9
        }
    }
}
