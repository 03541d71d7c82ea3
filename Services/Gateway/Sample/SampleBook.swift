import Shared

/// Collects the steps of a sample, and makes its ids and keys.
struct SampleBook {
    let seed: UInt64
    /// The last day of which the sample tells; nothing in it is dated later, but what is planned.
    let through: Day
    private(set) var steps: [SampleStep] = []
    private var chapter = SampleChapter.foundations
    private(set) var lane = ""

    init(seed: UInt64, through: Day) {
        self.seed = seed
        self.through = through
    }

    /// What is added from now on belongs to this chapter and lane.
    mutating func turn(to chapter: SampleChapter, _ lane: String) {
        self.chapter = chapter
        self.lane = lane
    }

    /// Adds a call; with the lane in front, `name` is unique in the sample.
    mutating func add(_ name: String, by colleague: SampleColleague, _ request: some RPCMethod) {
        let full = "\(lane)/\(name)"
        steps.append(
            SampleStep(
                name: full, chapter: chapter, lane: lane, by: colleague,
                key: id("key/\(full)", on: through), request: request))
    }

    /// The id of what is so named, as if it had been made at noon on a day.
    func id<Noun>(_ name: String, on day: Day) -> Identifier<Noun> {
        var random = SplitMix64(seed: seed, for: name)
        return Identifier(at: .onDay(day, hour: 12), high: random.next(), low: random.next())
    }

    func random(_ name: String) -> SplitMix64 { SplitMix64(seed: seed, for: name) }
}

extension Timestamp {
    /// A time of day in Kraksaan.
    static func onDay(_ day: Day, hour: Int, minute: Int = 0) -> Timestamp {
        let minutes = day.number * 1440 + (hour - Zone.wib.hoursAheadOfUTC) * 60 + minute
        return Timestamp(microseconds: Int64(minutes) * 60_000_000)
    }
}

extension Day {
    /// This day, or the next one that is so many days after a Monday.
    func next(weekday: Int) -> Day {
        // 1970-01-01 was a Thursday.
        let now = ((number + 3) % 7 + 7) % 7
        return adding(days: (weekday - now + 7) % 7)
    }
}
