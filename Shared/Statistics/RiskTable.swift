/// How many people had what happen to them at each time: all that survival statistics look at.
///
/// It holds only counts, so tables of several facilities merge exactly, and nothing depends on
/// the order of the records. Where it is small it still shows single people's times: what leaves
/// a unit is read off a curve at agreed days instead.
package struct RiskTable: Hashable, Sendable {
    /// What happened at one time.
    package struct Row: Codable, Hashable, Sendable {
        /// In days.
        package let time: Double
        /// People by cause, in the order of the table's `causes`.
        package let events: [Int]
        /// People whose following ended without an event, and who are at risk at this time.
        package let censored: Int

        /// Counts of one time; the table checks them.
        package init(time: Double, events: [Int], censored: Int) {
            self.time = time
            self.events = events
            self.censored = censored
        }
    }

    /// Why rows are no table.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case causesOutOfOrder
        case timesOutOfOrder(row: Int)
        case wrongCounts(row: Int)
        case tooManyPeople

        package var description: String {
            switch self {
            case .causesOutOfOrder:
                "The causes of a risk table must be sorted, each once."
            case .timesOutOfOrder(let row):
                "Row \(row) of a risk table must have a later time than the one before, in "
                    + "finite days from 0."
            case .wrongCounts(let row):
                "Row \(row) of a risk table must have one count for each cause, none negative, "
                    + "and at least one person."
            case .tooManyPeople:
                "A risk table holds at most \(RiskTable.mostPeople) people."
            }
        }
    }

    /// More people than a comparison can have; it keeps sums over tables within `Int`.
    package static let mostPeople = 1_000_000_000

    /// What can happen, sorted.
    package let causes: [String]
    /// Every time at which anything happened or a following ended, earliest first.
    package let rows: [Row]
    /// People still followed just before each row's time.
    package let atRisk: [Int]

    /// Everybody in the table.
    package var count: Int { atRisk.first ?? 0 }

    /// The last time known of anybody, in days; nil of nobody.
    package var lastTime: Double? { rows.last?.time }

    /// Counts observations, in any order.
    package init(_ observations: some Sequence<Observation>) {
        var people: [Double: [String?: Int]] = [:]
        var names: Set<String> = []
        for observation in observations {
            people[observation.time, default: [:]][observation.cause, default: 0] += 1
            if let cause = observation.cause { names.insert(cause) }
        }
        let causes = names.sorted()
        self.init(
            checked: causes,
            rows: people.sorted { $0.key < $1.key }.map { time, counts in
                Row(
                    time: time, events: causes.map { counts[$0] ?? 0 },
                    censored: counts[nil] ?? 0)
            })
    }

    /// Takes counts that were made elsewhere, and checks them.
    package init(causes: [String], rows: [Row]) throws(Refusal) {
        guard zip(causes, causes.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .causesOutOfOrder
        }
        var total = 0
        var earlier = -Double.infinity
        for (index, row) in rows.enumerated() {
            guard row.time.isFinite, row.time >= 0, row.time > earlier else {
                throw .timesOutOfOrder(row: index)
            }
            earlier = row.time
            guard row.events.count == causes.count, row.censored >= 0,
                row.events.allSatisfy({ $0 >= 0 }),
                row.censored > 0 || row.events.contains(where: { $0 > 0 })
            else { throw .wrongCounts(row: index) }
            for people in row.events + [row.censored] {
                guard people <= Self.mostPeople - total else { throw .tooManyPeople }
                total += people
            }
        }
        self.init(checked: causes, rows: rows)
    }

    /// The people of both tables together.
    package func merged(with other: RiskTable) throws(Refusal) -> RiskTable {
        let names = Set(causes).union(other.causes).sorted()
        var events: [Double: [Int]] = [:]
        var censored: [Double: Int] = [:]
        for table in [self, other] {
            let places = table.causes.map { names.firstIndex(of: $0) }
            for row in table.rows {
                var sums = events[row.time] ?? [Int](repeating: 0, count: names.count)
                for case (let place?, let people) in zip(places, row.events) {
                    sums[place] += people
                }
                events[row.time] = sums
                censored[row.time, default: 0] += row.censored
            }
        }
        let rows = events.sorted { $0.key < $1.key }.map { time, sums in
            Row(time: time, events: sums, censored: censored[time] ?? 0)
        }
        return try RiskTable(causes: names, rows: rows)
    }

    /// The same people, with every other cause turned into an end of following.
    ///
    /// A curve of such a table answers what would be if the other causes did not exist. Where
    /// they do, it overstates the risk: use `CumulativeIncidence` for one cause among several.
    package func censoring(allBut kept: Set<String>) -> RiskTable {
        let places = causes.indices.filter { kept.contains(causes[$0]) }
        return RiskTable(
            checked: places.map { causes[$0] },
            rows: rows.map { row in
                let events = places.map { row.events[$0] }
                let all = row.events.reduce(0, +) + row.censored
                return Row(
                    time: row.time, events: events, censored: all - events.reduce(0, +))
            })
    }

    private init(checked causes: [String], rows: [Row]) {
        self.causes = causes
        self.rows = rows
        var remaining = 0
        var atRisk: [Int] = []
        for row in rows.reversed() {
            remaining += row.events.reduce(0, +) + row.censored
            atRisk.append(remaining)
        }
        self.atRisk = atRisk.reversed()
    }
}

extension RiskTable: Codable {
    private enum CodingKeys: CodingKey {
        case causes
        case rows
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            causes: container.decode([String].self, forKey: .causes),
            rows: container.decode([Row].self, forKey: .rows))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(causes, forKey: .causes)
        try container.encode(rows, forKey: .rows)
    }
}
