import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

/// Somebody with access to the registry's host alters its journal or its tables, time and again, while
/// the service is stopped and while it runs; each must be found within five seconds, or keep it from
/// starting.
///
/// `PULIH_TAMPERINGS`: how often; a thousand take about ten minutes.
@Suite("Journals and tables that somebody alters", .timeLimit(.minutes(120)))
struct TamperingTests {
    private static let count =
        ProcessInfo.processInfo.environment["PULIH_TAMPERINGS"].flatMap { Int($0) } ?? 44

    private enum Deed {
        case alter(Tamper.Kind, table: String? = nil)
        /// An older copy of the database; or of everything in the store's directory.
        case rollBack(whole: Bool)
    }

    private static let ofTables: [Deed] =
        [
            .table, .column, .insert, .remove, .swap, .rawRow, .trigger, .object, .unseal, .reseal,
            .oldSeal, .oldTables,
        ].map { .alter($0) } + [.alter(.column, table: "witnessed")]

    /// What can be done to a store that is closed.
    ///
    /// `rewrite` is with the journal's key: nothing on the host shows it.
    private static let stopped: [Deed] =
        [.edit, .delete, .reorder, .truncate, .append, .rewrite].map { .alter($0) }
        + [.rollBack(whole: false), .rollBack(whole: true)] + ofTables

    /// What can be done to one that is open.
    private static let live: [Deed] =
        [.edit, .delete, .raw, .truncate, .reorder, .append, .rewrite].map { .alter($0) } + ofTables

    @Test("are found, each of them, at the start or within five seconds")
    func found() async throws {
        let town = try await TamperedTown()
        var found = 0
        var slowest = Duration.zero
        for number in 0..<Self.count {
            let isLive = number % 2 == 1
            let deeds = isLive ? Self.live : Self.stopped
            let deed = deeds[number / 2 % deeds.count]
            let run = { (tamper: Tamper, copies: StoreCopies) in
                switch deed {
                case .alter(let kind, let table):
                    try tamper.run(kind, seed: number, table: table)
                case .rollBack(let whole): try copies.putBackOld(whole: whole)
                }
            }
            let (what, took) =
                isLive ? try await town.whileRunning(run) : try await town.whileStopped(run)
            guard let took else {
                Issue.record("not found (\(isLive ? "running" : "stopped")): \(what)")
                continue
            }
            #expect(took < .seconds(5), "\(what) took \(took)")
            found += 1
            slowest = max(slowest, took)
        }
        SecurityFigure.all("tampering found", found, of: Self.count)
        SecurityFigure.atMost("tampering is found within", slowest, .seconds(5))
        #expect(found == Self.count)
        try await town.settle()
    }
}

/// Three services, and two copies of the registry's store: as it was earlier, and whole.
private final class TamperedTown {
    let cluster: Cluster
    private let others: [RunningService]
    let copies: StoreCopies

    private static let entries = 90

    init() async throws {
        cluster = try Cluster()
        copies = StoreCopies(cluster.directory.path)
        var registry = try await cluster.start(.registry)
        others = [try await cluster.start(.clinical), try await cluster.start(.evaluation)]
        try await Self.write(0..<Self.entries / 2, cluster.caller(.administrator, of: registry))
        #expect(registry.stop() == 0)
        try copies.take("old")
        // A program that looks into it would leave files beside it.
        try FileManager.default.copyItem(
            atPath: cluster.directory.path + "/old/registry.sqlite",
            toPath: cluster.directory.path + "/older.sqlite")
        registry = try await cluster.start(.registry)
        try await Self.write(
            Self.entries / 2..<Self.entries, cluster.caller(.administrator, of: registry))
        #expect(registry.stop() == 0)
        try copies.take("whole")
    }

    private static func write(_ numbers: Range<Int>, _ caller: Caller) async throws {
        for number in numbers {
            _ = try await caller.call(
                AddFacility(
                    facility: Facility(
                        id: .random(at: Timestamp(microseconds: Int64(number) * 1000)),
                        code: "rutan-\(number)", name: "Rutan \(number)", zone: .wib)))
        }
    }

    private var tamper: Tamper {
        Tamper(
            store: cluster.directory.path + "/registry/registry.sqlite",
            key: cluster.directory.path + "/journal.key",
            older: cluster.directory.path + "/older.sqlite")
    }

    /// Alters the store, and tries to start on it.
    ///
    /// - Returns: what was done, and how long the finding took; nil where it was not found.
    func whileStopped(
        _ deed: (Tamper, StoreCopies) throws -> String
    ) async throws -> (String, Duration?) {
        try copies.putBack("whole")
        let did = try deed(tamper, copies)
        let start = ContinuousClock.now
        do {
            let running = try await cluster.start(.registry)
            defer { running.kill() }
            return (did, try await untilAlarm(running, since: start))
        } catch let problem as ClusterProblem {
            let words = [
                "does not fit the chain", "ends at entry", "is not the one", "sealed head",
                "seal of the tables", "table, index, trigger", "tables hold something else",
            ]
            let isFound = words.contains { problem.description.contains($0) }
            return (did, isFound ? start.duration(to: .now) : nil)
        }
    }

    /// Alters the store under a running service.
    func whileRunning(
        _ deed: (Tamper, StoreCopies) throws -> String
    ) async throws -> (String, Duration?) {
        try copies.putBack("whole")
        let running = try await cluster.start(.registry)
        defer { running.kill() }
        let did = try deed(tamper, copies)
        let took = try await untilAlarm(running, since: .now)
        if took != nil {
            let error = await #expect(throws: CallError<NoRefusal>.self) {
                try await cluster.caller(.counselor, of: running).call(ListFacilities())
            }
            #expect(error?.failure.rule == "journal-alarm")
        }
        return (did, took)
    }

    /// How long it takes until health tells of an alarm; nil where that is too long.
    private func untilAlarm(
        _ running: RunningService, since start: ContinuousClock.Instant
    ) async throws -> Duration? {
        let caller = try cluster.caller(.auditor, of: running)
        while start.duration(to: .now) < .seconds(10) {
            let health = try await caller.call(CheckHealth())
            if health.notices?.contains(where: { $0.kind == .journalAlarm }) == true {
                #expect(!health.ready)
                return start.duration(to: .now)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    /// Puts the right store back: it starts, and both witnesses agree again.
    func settle() async throws {
        try copies.putBack("whole")
        let running = try await cluster.start(.registry)
        defer { running.kill() }
        let auditor = try PulihCommand(cluster, as: .auditor)
        let audit = try await auditor.run("audit", "verify", "-o", "json")
        #expect(audit.status == 0, "\(audit.output)\n\(audit.notes)")
        for witness in others {
            let health = try await cluster.caller(.auditor, of: witness).call(CheckHealth())
            #expect(health.notices?.contains { $0.kind == .headRefused } == false)
        }
        try tamper.run(.column, seed: 1, table: "facility")
        _ = try await untilAlarm(running, since: .now)
        let altered = try await auditor.run("audit", "verify")
        #expect(altered.status == 9)
        #expect(altered.notes.contains("altered these tables: facility"), "\(altered.notes)")
        try tamper.run(.edit, seed: 1)
        _ = try await untilAlarm(running, since: .now)
        let after = try await auditor.run("audit", "verify")
        #expect(after.status == 9)
        #expect(after.output.contains("broken at"))
        #expect(try await PulihCommand(cluster, as: .counselor).run("audit", "verify").status == 4)
    }
}

/// Copies of the registry's store beside it.
private struct StoreCopies {
    private let directory: String

    init(_ directory: String) { self.directory = directory }

    private func copy(_ source: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: directory + "/" + target)
        try FileManager.default.copyItem(
            atPath: directory + "/" + source, toPath: directory + "/" + target)
    }

    func take(_ name: String) throws { try copy("registry", to: name) }

    func putBack(_ name: String) throws { try copy(name, to: "registry") }

    /// Puts the older database back, and the older head file where it is `whole`.
    func putBackOld(whole: Bool) throws -> String {
        try copy("old/registry.sqlite", to: "registry/registry.sqlite")
        guard whole else { return "an older database" }
        try copy("old/registry.head", to: "registry/registry.head")
        return "an older store"
    }
}
