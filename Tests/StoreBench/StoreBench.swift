import ArgumentParser
import Foundation
import Logging
import Storage
import Vocabulary

/// Measures the writes of a store beside those of SQLite alone: the same rows in the same tables,
/// flushed as often, with no hash, seal or encryption.
///
/// Both take turns; only their ratio means something, because disks change from minute to minute. At
/// the end it tells how many rows a second of one processor are checked against their seal.
@main
struct StoreBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulih-store-bench",
        abstract: "Writes a second of a store, and their ratio to those of SQLite alone.")

    @Option(help: "How often both take turns.") var rounds = 7
    @Option(help: "How many writes in each turn.") var writes = 2000
    @Option(help: "How many records are then checked.") var checked = 20_000
    @Option(help: "How many wait at once.") var waiting: [Int] = [1, 64]

    func run() async throws {
        print("waiting   store/s   sqlite/s   ratio (median of \(rounds))")
        for count in waiting {
            var turns: [(store: Double, floor: Double)] = []
            for _ in 0..<rounds {
                turns.append(
                    (
                        store: try await rate { try await Visit.write(writes, waiting: count, $0) },
                        floor: try await rate { try Floor(in: $0).write(writes, batch: count) }
                    ))
            }
            let ratio = Self.median(turns.map { $0.store / $0.floor })
            print(
                String(
                    format: "%7d %9.0f %10.0f   %.3f", count, Self.median(turns.map(\.store)),
                    Self.median(turns.map(\.floor)), ratio))
        }
        try await check()
    }

    private func check() async throws {
        let directory = NSTemporaryDirectory() + "pulih-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await Visit.write(checked, waiting: 64, directory)
        let store = try Visit.store(in: directory)
        defer { store.close() }
        let start = ContinuousClock.now
        try await store.verifyTables()
        // Each has a row in three tables.
        let rate = Double(3 * checked) / (start.duration(to: .now) / .seconds(1))
        print(String(format: "rows checked a second: %.0f", rate))
    }

    /// Writes a second, in a directory of its own that has an empty store.
    private func rate(_ body: (String) async throws -> Void) async throws -> Double {
        let directory = NSTemporaryDirectory() + "pulih-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Visit.store(in: directory).close()
        let start = ContinuousClock.now
        try await body(directory)
        return Double(writes) / (start.duration(to: .now) / .seconds(1))
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }
}
