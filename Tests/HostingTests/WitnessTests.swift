import Foundation
import Logging
import RPC
import Storage
import TestKit
import Testing
import Vocabulary

@testable import Hosting

@Suite("A witness of another service's journal", .timeLimit(.minutes(1)))
struct WitnessTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let router: Router

    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store(
            StoreConfiguration(
                directory: directory.path, name: "registry",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: WordService.schema, logger: silent)
        router = try Self.router(store)
    }

    private static func router(_ store: Store) throws -> Router {
        try WordService(store: store).router(
            store: store, startedAt: now, version: "1", logger: silent, now: { now })
    }

    private func caller(_ identity: Identity, at router: Router? = nil) -> Caller {
        Caller(InMemoryTransport(router ?? self.router, as: identity), retries: .none) {
            .random(at: Self.now)
        }
    }

    private static let clinical = TestCertificates.service(.clinical)

    /// A head whose hash is one byte again and again.
    private func head(_ position: Int64, _ byte: UInt8) -> HeadMark {
        HeadMark(position: position, mac: [UInt8](repeating: byte, count: 32))
    }

    @discardableResult
    private func deposit(
        _ head: HeadMark, after anchor: HeadMark? = nil, accepting: Bool = false,
        as identity: Identity = clinical
    ) async throws -> DepositHead.Reply {
        let caller = caller(identity)
        let ticket = try #require(try await caller.call(AskWitness()).ticket)
        return try await caller.call(
            DepositHead(
                head: head, anchor: anchor, ticket: ticket,
                acceptsRestored: accepting ? true : nil))
    }

    private func held(at router: Router? = nil) async throws -> HeldHead? {
        let auditor = caller(TestCertificates.person(.auditor), at: router)
        return try await auditor.call(AskWitness()).heads.first { $0.of == .clinical }
    }

    private func facts() async throws -> [String] {
        try await store.entries(after: 0, limit: 100).filter { $0.noun == "witness" }.map(\.verb)
    }

    @Test("holds the newest head that goes on from the one before, also over a restart")
    func keeps() async throws {
        #expect(try await held() == nil)
        #expect(try await deposit(head(3, 3)) == .init(.kept))
        #expect(try await deposit(head(5, 5), after: head(3, 3)) == .init(.kept))
        #expect(try await deposit(head(5, 5), after: head(5, 5)) == .init(.kept))
        #expect(try await held()?.head == head(5, 5))
        #expect(try await held()?.confirmedAt == Self.now)
        let later = try Self.router(store)
        #expect(try await held(at: later)?.head == head(5, 5))
        #expect(try await facts().isEmpty)
        store.close()
    }

    @Test("refuses one that goes back or forks, holds what it has, and says so once")
    func refuses() async throws {
        try await deposit(head(5, 5))
        for (told, anchor, contradiction) in [
            (head(4, 4), nil, HeadContradiction.wentBack),
            (head(4, 4), head(4, 4), .wentBack),
            (head(9, 9), head(5, 6), .forked),
            (head(5, 6), head(5, 6), .forked),
        ] {
            let reply = try await deposit(told, after: anchor)
            #expect(reply == .init(.refused, contradiction))
            #expect(try await deposit(told, after: anchor) == reply)
        }
        #expect(try await held()?.head == head(5, 5))
        #expect(try await held()?.refused?.contradiction == .forked)
        #expect(try await facts() == ["refused", "refused"])
        let notices = try await caller(TestCertificates.person(.counselor)).call(CheckHealth())
            .notices
        #expect(notices?.map(\.kind) == [.known(.headRefused)])
        #expect(notices?.first?.about == .clinical)

        #expect(try await deposit(head(6, 6), after: head(5, 5)) == .init(.kept))
        #expect(try await facts() == ["refused", "refused", "resolved"])
        #expect(try await held()?.refused == nil)
        store.close()
    }

    @Test("takes a restored journal where somebody accepts that, and both hands are in its journal")
    func accepts() async throws {
        try await deposit(head(5, 5))
        let reply = try await deposit(head(4, 4), accepting: true)
        #expect(reply == .init(.accepted, .wentBack))
        #expect(try await held()?.head == head(4, 4))
        #expect(try await facts() == ["accepted"])
        // Nothing is accepted where there was nothing to accept.
        #expect(try await deposit(head(5, 7), after: head(4, 4), accepting: true) == .init(.kept))
        #expect(try await facts() == ["accepted"])
        store.close()
    }

    @Test("asks for the hash at the position that it holds, and takes no ticket twice")
    func again() async throws {
        try await deposit(head(5, 5))
        #expect(try await deposit(head(7, 7), after: head(6, 6)) == .init(.again))
        #expect(try await deposit(head(7, 7)) == .init(.again))
        let caller = caller(Self.clinical)
        let first = try #require(try await caller.call(AskWitness()).ticket)
        let second = try #require(try await caller.call(AskWitness()).ticket)
        let late = DepositHead(head: head(4, 4), anchor: nil, ticket: first)
        #expect(try await caller.call(late) == .init(.again))
        let good = DepositHead(head: head(8, 8), anchor: head(5, 5), ticket: second)
        #expect(try await caller.call(good) == .init(.kept))
        #expect(try await caller.call(good) == .init(.again))
        #expect(try await facts().isEmpty)
        store.close()
    }

    @Test("takes heads of services alone, of each its own, and none of itself")
    func access() async throws {
        let call = DepositHead(head: head(1, 1), anchor: nil, ticket: 1)
        for role in Role.allCases {
            let failure = await #expect(throws: CallError<NoRefusal>.self) {
                try await caller(TestCertificates.person(role)).call(call)
            }
            #expect(failure?.failure.code == .permissionDenied)
        }
        let itself = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller(TestCertificates.service(.registry)).call(call)
        }
        #expect(itself?.failure.code == .permissionDenied)
        try await deposit(head(1, 1))
        try await deposit(head(2, 2), as: TestCertificates.service(.evaluation))
        let heads = try await caller(TestCertificates.person(.auditor)).call(AskWitness()).heads
        #expect(heads.map(\.of) == [.clinical, .evaluation])
        #expect(heads.map(\.head) == [head(1, 1), head(2, 2)])
        let counselor = caller(TestCertificates.person(.counselor))
        await #expect(throws: CallError<NoRefusal>.self) { try await counselor.call(AskWitness()) }
        store.close()
    }

    @Test("refuses what cannot be a head, and names the field")
    func input() async throws {
        for (call, field) in [
            (DepositHead(head: head(-1, 1), anchor: nil, ticket: 1), "head.position"),
            (
                DepositHead(head: HeadMark(position: 1, mac: [1]), anchor: nil, ticket: 1),
                "head.mac"
            ),
            (DepositHead(head: head(1, 1), anchor: head(2, 2), ticket: 1), "anchor.position"),
            (
                DepositHead(
                    head: head(2, 1), anchor: HeadMark(position: 1, mac: []), ticket: 1),
                "anchor.mac"
            ),
        ] {
            let failure = await #expect(throws: CallError<NoRefusal>.self) {
                try await caller(Self.clinical).call(call)
            }
            #expect(failure?.failure.field == field)
        }
        store.close()
    }
}
