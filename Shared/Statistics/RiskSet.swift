/// Several groups at one time at which something happened in one of them.
struct RiskSet {
    /// People still followed just before, by group.
    let atRisk: [Int]
    /// Events of the cause of interest, by group.
    let events: [Int]
    /// Events of any other cause, by group.
    let others: [Int]

    /// The risk sets of some groups, earliest first.
    ///
    /// - Parameters:
    ///   - groups: whose people are compared.
    ///   - cause: the cause of interest; nil where every event is.
    /// - Returns: one set for every time at which any group had any event.
    static func all(of groups: [RiskTable], cause: String?) -> [RiskSet] {
        var times: Set<Double> = []
        for table in groups {
            for row in table.rows where row.events.contains(where: { $0 > 0 }) {
                times.insert(row.time)
            }
        }
        let places = groups.map { table in
            cause.map { name in table.causes.indices.filter { table.causes[$0] == name } }
                ?? Array(table.causes.indices)
        }
        var next = [Int](repeating: 0, count: groups.count)
        return times.sorted().map { time in
            var atRisk: [Int] = []
            var events: [Int] = []
            var others: [Int] = []
            for (group, table) in groups.enumerated() {
                while next[group] < table.rows.count, table.rows[next[group]].time < time {
                    next[group] += 1
                }
                let row = next[group] < table.rows.count ? table.rows[next[group]] : nil
                atRisk.append(row == nil ? 0 : table.atRisk[next[group]])
                let counts = row?.time == time ? row?.events ?? [] : []
                let own = counts.isEmpty ? 0 : places[group].reduce(0) { $0 + counts[$1] }
                events.append(own)
                others.append(counts.reduce(0, +) - own)
            }
            return RiskSet(atRisk: atRisk, events: events, others: others)
        }
    }
}
