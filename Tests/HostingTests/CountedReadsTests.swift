import Foundation
import Storage
import TestKit
import Testing
import Vocabulary

@testable import Hosting

@Suite("The reads that a journal has of the last hour")
struct CountedReadsTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let now = Timestamp(microseconds: 1_000_000_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store(
            StoreConfiguration(
                directory: directory.path, name: "test",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: WordService.schema, logger: silent)
    }

    private func reader(_ number: Int) -> Identity {
        TestCertificates.person(.physician, code: "p\(number)")
    }

    private func person(_ number: UInt64) -> ParticipantID {
        Identifier(at: now, high: 0, low: number)
    }

    /// Writes entries `age` seconds old, the first so many people's.
    private func write(
        _ count: UInt64, by reader: Identity, age: Int64, _ section: Vocabulary.Section = .clinical,
        _ outcome: AccessEntry.Outcome = .read
    ) async throws {
        let at = now.adding(seconds: -age)
        _ = try await store.write { [self] transaction in
            for number in 0..<count {
                let entry = AccessEntry(
                    id: UUID(), at: at, participant: person(number), actor: reader.description,
                    method: "clinical.plan.get", section: section, purpose: .treatment,
                    outcome: outcome, call: "c")
                try transaction.note(
                    entry, noun: AccessEntry.noun, verb: outcome.rawValue, key: entry.id,
                    subject: person(number).uuid, by: entry.actor, at: at)
            }
        }
    }

    @Test("are the newest of each reader and person, in what needs a purpose, over many pages")
    func counted() async throws {
        defer { store.close() }
        try await write(30, by: reader(0), age: 3601)
        try await write(3, by: reader(1), age: 3000)
        // More than a page, which nobody has to do with.
        try await write(1500, by: reader(2), age: 2000, .program)
        try await write(1500, by: reader(2), age: 1500, .clinical, .refused)
        try await write(2, by: reader(1), age: 600, .counseling)
        try await write(1200, by: reader(3), age: 10)
        let start = PeopleRead.start(at: now)
        let reads = try await store.read { try $0.countedReads(since: start) }
        func ages(_ number: Int) -> [ParticipantID: Int64] {
            Dictionary(
                uniqueKeysWithValues: reads.filter { $0.reader == reader(number) }.map {
                    ($0.participant, now.seconds(since: $0.at))
                })
        }
        #expect(ages(0).isEmpty && ages(2).isEmpty)
        #expect(ages(1) == [person(0): 600, person(1): 600, person(2): 3000])
        #expect(ages(3).count == 1200)
    }
}
