import Foundation
import RPC
import RegistryAPI
import Synchronization
import TestKit
import Testing
import Vocabulary

@Suite("What a running registry keeps under lock", .timeLimit(.minutes(2)))
struct EncryptionAtRestTests {
    private let cluster: Cluster

    init() throws { cluster = try Cluster() }

    private func member(_ number: UInt64, named name: String) -> AddStaff {
        AddStaff(
            member: Staff(
                id: Identifier(at: Timestamp(microseconds: 1), high: 0, low: number),
                code: "staff-\(number)", name: name,
                affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"),
                role: .counselor, title: "Konselor"))
    }

    private func prepare(_ service: RunningService) async throws -> Caller {
        let caller = try cluster.caller(.administrator, of: service)
        _ = try await caller.call(
            AddFacility(
                facility: Facility(
                    id: .random(at: Timestamp(microseconds: 1)), code: "rutan-kraksaan",
                    name: "Rutan Kraksaan", zone: .wib)))
        return caller
    }

    private var storeFiles: [Data] {
        get throws {
            let directory = cluster.directory.path + "/registry"
            return try FileManager.default.contentsOfDirectory(atPath: directory).compactMap {
                FileManager.default.contents(atPath: "\(directory)/\($0)")
            }
        }
    }

    @Test("goes under a new encryption key while calls go on, and no call fails")
    func rotation() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let caller = try await prepare(registry)
        let work = Work()
        let keyFile = cluster.directory.path + "/registry/registry.keys"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    var number = UInt64(lane) * 1_000_000
                    repeat {
                        number += 1
                        let call = member(number, named: "canary name \(number)")
                        work.add(isGood: (try? await caller.call(call)) == call.member)
                    } while !work.isDone
                }
            }
            for pair in ["b1", "b2", "b3", "b4"] {
                let before = FileManager.default.contents(atPath: keyFile)
                try cluster.directory.write("encryption.key", String(repeating: pair, count: 32))
                kill(registry.id, SIGHUP)
                let count = work.count
                while FileManager.default.contents(atPath: keyFile) == before
                    || work.count < count + 20
                { try await Task.sleep(for: .milliseconds(5)) }
            }
            work.finish()
            try await group.waitForAll()
        }
        #expect(work.count >= 80)
        #expect(work.failed == 0)
        #expect(registry.stop() == 0)
        // The key of before is gone for good, and the last one is all that is needed.
        let again = try await cluster.start(.registry)
        let staff = try await cluster.caller(.counselor, of: again).call(ListStaff()).staff
        #expect(staff.count == work.count)
        #expect(staff.allSatisfy { $0.name.hasPrefix("canary name") })
        again.kill()
        let canary = Data("canary name".utf8)
        #expect(try storeFiles.allSatisfy { $0.range(of: canary) == nil })
    }

    @Test("is readable in full after it was killed while new people came, again and again")
    func killed() async throws {
        let work = Work()
        for round in 0..<3 {
            let registry = try await cluster.start(.registry)
            let caller =
                round == 0
                ? try await prepare(registry)
                : try cluster.caller(.administrator, of: registry)
            await withTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    group.addTask {
                        // Each is somebody new, with a key of their own.
                        for number in 0..<10_000 {
                            let id = UInt64(round * 1_000_000 + lane * 100_000 + number)
                            let call = member(id, named: "name \(id)")
                            let options = CallOptions(timeout: .seconds(5))
                            guard (try? await caller.call(call, options: options)) != nil else {
                                return
                            }
                            work.add(isGood: true, call.member.name)
                        }
                    }
                }
                let enough = work.count + 40
                while work.count < enough { try? await Task.sleep(for: .milliseconds(2)) }
                registry.kill()
            }
        }
        let last = try await cluster.start(.registry)
        let staff = try await cluster.caller(.counselor, of: last).call(ListStaff()).staff
        #expect(Set(staff.map(\.name)).isSuperset(of: work.names))
        #expect(staff.allSatisfy { $0.name.hasPrefix("name ") })
        last.kill()
    }
}

/// Counts calls, and says when there were enough.
private final class Work: Sendable {
    private let state = Mutex((count: 0, failed: 0, isDone: false, names: [String]()))

    var count: Int { state.withLock { $0.count } }
    var failed: Int { state.withLock { $0.failed } }
    var names: [String] { state.withLock { $0.names } }
    var isDone: Bool { state.withLock { $0.isDone } }

    func finish() { state.withLock { $0.isDone = true } }

    /// Notes a call, and the name that it has stored.
    func add(isGood: Bool, _ name: String = "") {
        state.withLock { state in
            state.count += 1
            if !name.isEmpty { state.names.append(name) }
            if !isGood { state.failed += 1 }
        }
    }
}
