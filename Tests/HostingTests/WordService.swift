import Foundation
import Hosting
import RPC
import Storage
import Synchronization
import Vocabulary

struct Word: StoredRecord, Hashable {
    static let noun: StaticString = "word"
    static let columns: [StaticString] = []
    let id: UUID
    let text: String
    var key: UUID { id }
    var subject: UUID? { nil }
    var columnValues: [SQLValue] { [] }
}

struct AddWord: RPCMethod {
    static let name: MethodName = "registry.word.add"
    static let access = Access.everyone
    static let section = Section.operational
    static let repeatability = Repeatability.keyed
    let text: String
    typealias Reply = Int64
}

/// Answers when the gate opens.
struct WaitForGate: RPCMethod {
    static let name: MethodName = "registry.gate.wait"
    static let access = Access.everyone
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly
    static let timeout = Duration.seconds(60)
    typealias Reply = Bool
}

struct FollowWords: RPCStream {
    static let name: MethodName = "registry.feed.follow"
    static let access = Access.services(.evaluation)
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly
    let after: Int64
    typealias Element = FeedItem
}

/// Holds calls until a test lets them go on.
actor Gate {
    static let shared = Gate()
    private(set) var waiting = 0
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        waiting += 1
        await withCheckedContinuation { waiters.append($0) }
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}

/// A service that keeps words, under the registry's name.
struct WordService: HostedService {
    static let name = ServiceName.registry
    static let schema = Schema(
        migrations: [
            Migration("CREATE TABLE word (key BLOB NOT NULL PRIMARY KEY, body BLOB);"),
            EmergencyAccess.migration, BulkReading.migration, RefusedCertificate.migration,
        ],
        records: [Word.self, EmergencyAccess.self, BulkReading.self, RefusedCertificate.self])
    static let methods: [any RPCDeclaration.Type] = [
        AddWord.self, WaitForGate.self, FollowWords.self,
    ]
    let records: Records
    let revocations: RevocationBook

    init(store: Store, revocations: RevocationBook, bounds: AccessBounds) {
        records = Records(store, of: Self.name, directory: Nobody(), bounds: bounds)
        self.revocations = revocations
    }

    func revoked(_ snapshot: borrowing Snapshot) throws -> [RevokedCertificates] { [] }

    var handlers: [Handler] {
        [
            .unary(AddWord.self) { call, context in
                let word = Word(id: UUID(), text: call.text)
                return try await records.perform(call, context) { transaction in
                    try transaction.put(word, verb: "added", by: "t", at: context.now)
                    return 1
                }
            },
            .unary(WaitForGate.self) { _, _ in
                await Gate.shared.wait()
                return true
            },
            .stream(FollowWords.self) { call, _, send in
                try await FeedPublisher.publish(
                    records.store, after: call.after, quiet: .milliseconds(20),
                    share: { $0.noun == "word" ? ("word", $0.body) : nil }, send: send)
            },
        ]
    }

    var subscriptions: [FeedSubscription] { [] }
}

/// A service that follows the words, under the evaluation's name.
struct EchoService: HostedService {
    static let name = ServiceName.evaluation
    static let schema = WordService.schema
    static let methods: [any RPCDeclaration.Type] = []
    let records: Records
    let revocations: RevocationBook

    init(store: Store, revocations: RevocationBook, bounds: AccessBounds) {
        records = Records(store, of: Self.name, directory: Nobody(), bounds: bounds)
        self.revocations = revocations
    }

    func revoked(_ snapshot: borrowing Snapshot) throws -> [RevokedCertificates] { [] }

    var handlers: [Handler] { [] }

    var subscriptions: [FeedSubscription] {
        [
            FeedSubscription(of: .registry, request: FollowWords.init(after:)) {
                item, transaction in
                guard item.noun != nil, let id = item.id else { return }
                if try transaction.get(Word.self, id) != nil { throw AppliedTwice() }
                try transaction.putCopy(Word(id: id, text: "\(item.position)"))
            }
        ]
    }
}

struct AppliedTwice: Error {}

/// A directory without people.
struct Nobody: PersonDirectory {
    func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding? { nil }
}
