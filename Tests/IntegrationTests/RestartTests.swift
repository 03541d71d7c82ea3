import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("A registry that is started, killed and started again", .timeLimit(.minutes(2)))
struct RestartTests {
    private func facility(_ number: Int) -> AddFacility {
        AddFacility(
            facility: Facility(
                id: .random(at: Timestamp(microseconds: Int64(number) * 1000)),
                code: "rutan-\(number)", name: "Rutan \(number)", zone: .wib))
    }

    @Test("has everything it acknowledged, and nothing twice")
    func killed() async throws {
        let cluster = try Cluster()
        let first = try await cluster.start(.registry)
        let caller = try cluster.caller(.administrator, of: first)
        let acknowledged = AcknowledgedSet()
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                let calls = (0..<100).map { facility(lane * 1000 + $0) }
                group.addTask {
                    for call in calls {
                        guard
                            let reply = try? await caller.call(
                                call, options: CallOptions(timeout: .seconds(5)))
                        else { return }
                        await acknowledged.add(reply.code)
                    }
                }
            }
            // Enough is acknowledged for a loss to show, and much is still on its way.
            await acknowledged.untilCount(200)
            first.kill()
        }
        let second = try await cluster.start(.registry)
        let reply = try await cluster.caller(.counselor, of: second).call(ListFacilities())
        let codes = reply.facilities.map(\.code)
        #expect(Set(codes).isSuperset(of: await acknowledged.codes))
        #expect(Set(codes).count == codes.count)
        #expect(await acknowledged.codes.count >= 200)
        // Rows and their seal are of the same commit: what was cut short is no other program's work.
        while try !cluster.log(of: .registry).contains("journal and tables verified") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let health = try await cluster.caller(.auditor, of: second).call(CheckHealth())
        #expect(health.ready)
        #expect(second.stop() == 0)
    }

    @Test("gives a repeat with the same key the first answer, also after the restart")
    func repeated() async throws {
        let cluster = try Cluster()
        let key = IdempotencyKey.random(at: Timestamp(microseconds: 1))
        let first = try await cluster.start(.registry)
        let call = facility(1)
        _ = try await cluster.caller(.administrator, of: first).call(
            call, options: CallOptions(key: key))
        #expect(first.stop() == 0)
        let second = try await cluster.start(.registry)
        let caller = try cluster.caller(.administrator, of: second)
        let again = try await caller.call(call, options: CallOptions(key: key))
        #expect(again == call.facility)
        let error = await #expect(throws: CallError<AddFacility.Refusal>.self) {
            try await caller.call(facility(2), options: CallOptions(key: key))
        }
        #expect(error?.failure.rule == "idempotency-key-reused")
        #expect(try await caller.call(ListFacilities()).facilities.count == 1)
        second.kill()
    }

    @Test("refuses a role that is not named, and shows it nothing")
    func role() async throws {
        let cluster = try Cluster()
        let service = try await cluster.start(.registry)
        let error = await #expect(throws: CallError<AddFacility.Refusal>.self) {
            try await cluster.caller(.counselor, of: service).call(facility(1))
        }
        #expect(error?.failure.code == .permissionDenied)
        let reply = try await cluster.caller(.counselor, of: service).call(ListFacilities())
        #expect(reply.facilities.isEmpty)
        service.kill()
    }
}

/// What was acknowledged, kept outside the process that is killed.
private actor AcknowledgedSet {
    private(set) var codes: Set<String> = []
    private var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func add(_ code: String) {
        codes.insert(code)
        let ready = waiters.filter { $0.count <= codes.count }
        waiters.removeAll { $0.count <= codes.count }
        for waiter in ready { waiter.continuation.resume() }
    }

    func untilCount(_ count: Int) async {
        if codes.count >= count { return }
        await withCheckedContinuation { waiters.append((count, $0)) }
    }
}
