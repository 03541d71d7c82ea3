import Testing
import Vocabulary

@Suite("A day")
struct DayTests {
    @Test(
        "reads and writes ISO 8601, and counts from 1970",
        arguments: [
            ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-24", 20_781), ("1969-12-31", -1),
            ("1800-01-01", -62_091),
        ])
    func text(text: String, number: Int) {
        #expect(Day(text: text)?.number == number)
        #expect(Day(number: number).description == text)
    }

    @Test(
        "refuses what no calendar has",
        arguments: [
            "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1",
            "2026-01-32", "1799-12-31", "", "2026/01/01",
        ])
    func refused(text: String) { #expect(Day(text: text) == nil) }

    @Test("goes round the parts of every day of four centuries")
    func roundTrip() {
        for number in -62_091...84_006 {
            let parts = Day(number: number).parts
            #expect(Day(year: parts.year, month: parts.month, day: parts.day)?.number == number)
        }
    }

    @Test("adds months up to the end of a shorter one")
    func months() throws {
        let day = try #require(Day(text: "2026-01-31"))
        #expect(day.adding(months: 1).description == "2026-02-28")
        #expect(day.adding(months: -2).description == "2025-11-30")
        #expect(day.adding(months: 25).description == "2028-02-29")
    }

    @Test("counts completed years of age")
    func age() throws {
        let birth = try #require(Day(text: "2008-02-29"))
        #expect(birth.age(on: try #require(Day(text: "2026-02-28"))) == 17)
        #expect(birth.age(on: try #require(Day(text: "2026-03-01"))) == 18)
    }

    @Test("depends on the zone in which a moment is looked at")
    func zone() throws {
        let time = try #require(Timestamp(text: "2026-01-31T16:30:00Z"))
        #expect(time.day(in: .wib).description == "2026-01-31")
        #expect(time.day(in: .wita).description == "2026-02-01")
    }

    @Test("begins at midnight of its zone", arguments: Zone.allCases)
    func start(zone: Zone) throws {
        let day = try #require(Day(text: "2026-01-31"))
        let start = day.start(in: zone)
        #expect(start.day(in: zone) == day)
        #expect(
            Timestamp(microseconds: start.microseconds - 1).day(in: zone).adding(days: 1) == day)
        #expect(Day(number: -1).start(in: .wib).description == "1969-12-30T17:00:00.000000Z")
    }
}

@Suite("A moment")
struct TimestampTests {
    @Test(
        "reads RFC 3339 with its zone",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("1970-01-01T07:00:01.5+07:00", 1_500_000),
            ("1969-12-31T23:59:59.999999Z", -1),
        ])
    func text(text: String, microseconds: Int64) {
        let time = Timestamp(text: text)
        #expect(time?.microseconds == microseconds)
        #expect(time.flatMap { Timestamp(text: $0.description) } == time)
    }

    @Test(
        "refuses a time without a zone and times that do not exist",
        arguments: [
            "2026-01-31T08:00:00", "2026-01-31", "2026-01-31T24:00:00Z", "2026-01-31T08:60:00Z",
            "2026-01-31T08:00:00.Z", "2026-01-31T08:00:00.1234567Z", "2026-02-30T08:00:00Z",
        ])
    func refused(text: String) { #expect(Timestamp(text: text) == nil) }
}
