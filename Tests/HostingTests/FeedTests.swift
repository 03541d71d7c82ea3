import Foundation
import Hosting
import RPC
import Storage
import Synchronization
import TestKit
import Testing
import Vocabulary

@Suite("A feed that is followed", .timeLimit(.minutes(1)))
struct FeedTests {
    private let files: TemporaryDirectory
    private let state = HostState()
    private let clock = Clock()
    private let copies: Store

    final class Clock: Sendable {
        let second = Mutex<Int64>(1000)
        var now: Timestamp { Timestamp(microseconds: second.withLock { $0 } * 1_000_000) }
    }

    /// Calls whichever peer stands there now.
    final class Switch: Transport {
        let peer: Mutex<InMemoryTransport>

        init(_ peer: InMemoryTransport) { self.peer = Mutex(peer) }

        func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
            try await peer.withLock { $0 }.unary(call)
        }

        func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
            try await peer.withLock { $0 }.stream(call)
        }
    }

    init() throws {
        files = try TemporaryDirectory()
        copies = try Self.open(files, "evaluation", EchoService.schema)
    }

    private static func open(
        _ files: TemporaryDirectory, _ name: String, _ schema: Schema
    ) throws -> Store {
        try Store(
            StoreConfiguration(
                directory: files.path, name: name,
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: schema, logger: silent)
    }

    private func words(_ name: String) throws -> Store {
        try Self.open(files, name, WordService.schema)
    }

    private func add(_ count: Int, to store: Store, from start: Int64 = 0) async throws {
        for number in 0..<count {
            _ = try await store.write { transaction in
                try transaction.put(
                    Word(id: UUID(), text: "\(number)"), verb: "added", by: "t",
                    at: Timestamp(microseconds: start + Int64(number)))
            }
        }
    }

    private func transport(_ store: Store) throws -> InMemoryTransport {
        let router = try WordService(store: store).router(
            store: store, startedAt: clock.now, version: "t", logger: silent,
            now: { [clock] in clock.now })
        return InMemoryTransport(router, as: TestCertificates.service(.evaluation))
    }

    /// Follows while `body` runs.
    private func following(
        _ transport: some Transport, _ body: () async throws -> Void
    ) async throws {
        let follower = FeedFollower(
            EchoService(store: copies).subscriptions[0],
            caller: Caller(transport, retries: .none) { .random(at: SystemClock.now()) },
            store: copies, state: state, logger: silent, now: { [clock] in clock.now })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await follower.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    private func progress() async throws -> FeedProgress {
        try await copies.read { try $0.feedState("registry") }
    }

    /// What is on the disk of how the feed was heard, without what is known in memory.
    private func stored() async throws -> Int64? {
        try await copies.read {
            try $0.rows("SELECT heard_at FROM feed", []) { $0.integer(0) / 1_000_000 }.first
        }
    }

    @Test("has each entry's effect exactly once, over breaks and over a new start of the follower")
    func once() async throws {
        let source = try words("registry")
        try await add(20, to: source)
        let transport = try transport(source)
        try await following(transport) { try await until { try await progress().position >= 10 } }
        try await add(20, to: source, from: 100)
        try await following(transport) { try await until { try await progress().position == 40 } }
        let words = try await copies.read { try $0.all(Word.self).map(\.text) }
        #expect(Set(words) == Set((1...40).map(String.init)))
        // The apply of this test throws where an entry comes a second time.
        #expect(state.problem(with: .registry) == nil)
        source.close()
    }

    @Test("stays current while it is quiet, without writing each time it is heard")
    func quiet() async throws {
        let source = try words("registry")
        try await add(1, to: source)
        try await following(transport(source)) {
            try await until { try await progress().position == 1 }
            #expect(try await stored() == 1000)
            clock.second.withLock { $0 = 1020 }
            try await until { try await progress().heardAt == clock.now }
            #expect(try await stored() == 1000)
            clock.second.withLock { $0 = 1031 }
            try await until { try await stored() == 1031 }
        }
        clock.second.withLock { $0 = 2000 }
        #expect(try await progress().heardAt == Timestamp(microseconds: 1_031_000_000))
        source.close()
    }

    @Test("of a peer that has nothing yet is heard too")
    func empty() async throws {
        let source = try words("registry")
        try await following(transport(source)) {
            try await until { try await progress().heardAt != nil }
        }
        #expect(try await progress().position == 0)
        source.close()
    }

    @Test("of a peer that was put back to an older copy is a problem, and not applied over")
    func older() async throws {
        let source = try words("registry")
        let restored = try words("restored")
        try await add(5, to: source)
        try await add(3, to: restored)
        let transport = Switch(try transport(source))
        try await following(transport) { try await until { try await progress().position == 5 } }
        clock.second.withLock { $0 = 5000 }
        let older = try self.transport(restored)
        transport.peer.withLock { $0 = older }
        try await following(transport) {
            try await until { state.problem(with: .registry) != nil }
            #expect(!state.isReady)
            #expect(state.problem(with: .registry)?.contains("the peer is at 3, but 5") == true)
        }
        #expect(try await progress().position == 5)
        #expect(try await progress().heardAt == Timestamp(microseconds: 1_000_000_000))
        source.close()
        restored.close()
    }

    @Test("of a peer that was put back and went on past it is noticed by its entries' times")
    func grown() async throws {
        let source = try words("registry")
        let restored = try words("restored")
        try await add(5, to: source)
        try await add(9, to: restored, from: 700)
        try await following(transport(source)) {
            try await until { try await progress().position == 5 }
        }
        try await following(transport(restored)) {
            try await until { state.problem(with: .registry) != nil }
        }
        #expect(try await progress().position == 5)
        // The right peer comes back, and the feed goes on by itself.
        try await following(transport(source)) { try await until { state.isReady } }
        source.close()
        restored.close()
    }

    @Test("whose item cannot be applied is a problem, and stays where it is")
    func unusable() async throws {
        let source = try words("registry")
        let id = UUID()
        for time in [Int64(1), 2] {
            _ = try await source.write { transaction in
                try transaction.put(
                    Word(id: id, text: "same"), verb: "added", by: "t",
                    at: Timestamp(microseconds: time))
            }
        }
        try await following(transport(source)) {
            try await until { state.problem(with: .registry) != nil }
        }
        #expect(try await progress().position == 1)
        source.close()
    }

    @Test("ends with a reason when its service stops")
    func stopped() async throws {
        let source = try words("registry")
        try await add(1, to: source)
        let caller = Caller(try transport(source), retries: .none) {
            .random(at: SystemClock.now())
        }
        do throws(RPCFailure) {
            for try await item in try await caller.stream(FollowWords(after: 0))
            where item.noun != nil { source.endPositions() }
            Issue.record("the feed ended well")
        } catch {
            #expect(error.code == .unavailable)
        }
        source.close()
    }
}
