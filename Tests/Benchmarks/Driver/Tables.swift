import Foundation

/// The results as text.
enum Tables {
    /// One table a case, and the targets of the cases that were run.
    static func text(_ figures: Figures, _ cases: [Case], _ measured: [Implementation]) -> String {
        var parts = cases.map { table(figures, $0, measured) }
        parts.append(targets(figures, cases))
        return parts.joined(separator: "\n\n")
    }

    private static func table(
        _ figures: Figures, _ load: Case, _ measured: [Implementation]
    ) -> String {
        let peers = Implementation.peers.filter(measured.contains)
        let compared: Figure = load == .lat ? .p50 : load == .idle ? .serverIdle : .callsPerSecond
        let rate = load == .stream ? "messages/s" : "calls/s"
        let columns: [(String, Figure)] =
            load == .idle
            ? [("server KiB", .serverIdle), ("client KiB", .clientIdle)]
            : [
                (rate, .callsPerSecond), ("p50 µs", .p50), ("p99 µs", .p99), ("CPU-s/100k", .cpu),
                ("server MiB", .serverPeak), ("client MiB", .clientPeak),
            ]
        var rows = [["", "n"] + columns.map(\.0) + peers.map { "/ \($0.rawValue)" }]
        for implementation in measured {
            let values = columns.map { figures.values($0.1, load, implementation) }
            guard let count = values.map(\.count).max(), count > 0 else { continue }
            rows.append(
                [implementation.rawValue, "\(count)"] + values.map(spread)
                    + peers.map { peer in
                        figures.ratio(compared, load, of: implementation, to: peer)
                            .map(short) ?? "-"
                    })
        }
        let what = load == .lat ? "of p50" : load == .idle ? "of the server's" : "of \(rate)"
        return "\(load.rawValue): \(load.title) (ratios \(what))\n" + aligned(rows)
    }

    private static func targets(_ figures: Figures, _ cases: [Case]) -> String {
        var rows = [["case", "what", "against", "measured", "goal", "stretch", ""]]
        for target in Target.all where cases.contains(target.load) {
            let value = target.value(figures)
            let sign = target.bound == .atLeast ? "≥ " : "≤ "
            rows.append([
                target.load.rawValue, target.name, target.peer?.rawValue ?? "-",
                value.map(short) ?? "-", sign + short(target.goal),
                target.stretch.map { sign + short($0) } ?? "-", target.verdict(value).rawValue,
            ])
        }
        return "Targets (medians of the ratios in each round)\n" + aligned(rows)
    }

    /// Median (minimum..maximum).
    private static func spread(_ values: [Double]) -> String {
        guard let middle = median(values), let low = values.min(), let high = values.max() else {
            return "-"
        }
        return values.count == 1
            ? short(middle) : "\(short(middle)) (\(short(low))..\(short(high)))"
    }

    /// Three digits of small numbers, whole large ones.
    static func short(_ number: Double) -> String {
        switch abs(number) {
        case 1000...: grouped(Int(number.rounded()))
        case 100...: String(format: "%.0f", number)
        case 10...: String(format: "%.1f", number)
        case 1...: String(format: "%.2f", number)
        case 0.1...: String(format: "%.3f", number)
        default: String(format: "%.4f", number)
        }
    }

    static func grouped(_ number: Int) -> String {
        var digits = Array(String(abs(number)))
        for place in stride(from: digits.count - 3, to: 0, by: -3) {
            digits.insert(",", at: place)
        }
        return (number < 0 ? "-" : "") + String(digits)
    }

    static func aligned(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
