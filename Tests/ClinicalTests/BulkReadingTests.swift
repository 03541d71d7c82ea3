import ClinicalAPI
import ClinicalRules
import ClinicalServer
import Foundation
import Hosting
import RPC
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("Reading the records of very many people", .timeLimit(.minutes(1)))
struct BulkReadingTests {
    private let clinical: RunningClinical
    private let head = Scene.signatory("kepala", .facilityHead)
    private let start = Scene.moment.now

    init() throws {
        clinical = try RunningClinical(bounds: AccessBounds(registryAge: nil, peopleHourly: 1))
    }

    /// Reads of Ani, and is refused Budi, whoever reads.
    private func readTooMany(as reader: Signatory = Scene.counselor) async {
        #expect(await clinical.failure(GetPlan(participant: Scene.ani), as: reader) == nil)
        #expect(await rule(GetPlan(participant: Scene.budi), as: reader) == "too-many-people")
    }

    private func rule(
        _ request: some RPCMethod, as reader: Signatory = Scene.counselor
    ) async -> String? { await clinical.failure(request, as: reader)?.rule }

    private func readings(all: Bool = false) async throws -> [BulkReading] {
        try await clinical.call(ListBulkReadings(includingReviewed: all), as: head).readings
    }

    /// What health tells everybody of it.
    private func notices() async throws -> [String] {
        let health = try await clinical.call(CheckHealth(), as: Scene.counselor)
        let notices = (health.notices ?? []).filter { $0.kind == .bulkReadingToReview }
        #expect(notices.filter(\.isDegrading).isEmpty)
        return notices.map(\.text)
    }

    private func entries() async throws -> [JournalEntry] {
        try await clinical.events().filter { $0.noun == "bulk_reading" }
    }

    @Test("is told of: who, when, how many, what and for what; to everybody that there is one")
    func told() async throws {
        try await clinical.prepare()
        #expect(await clinical.failure(GetPlan(participant: Scene.ani)) == nil)
        #expect(try await notices().isEmpty)
        await readTooMany()
        let text = "1 reading of very many people's records to review: pulih bulk-reading list"
        #expect(try await notices() == [text])
        let reading = try #require(try await readings().first)
        #expect(reading.by.hasSuffix("/role/counselor/\(Scene.counselor.staff.code)"))
        #expect(reading.people == 1)
        #expect(reading.further == 1)
        #expect(reading.sections == [.clinical])
        #expect(reading.purposes == [.treatment])
        #expect(reading.firstAt == start && reading.lastAt == start)
        #expect(reading.review == nil)
        // What somebody may not review they do not see either.
        #expect(await clinical.failure(ListBulkReadings())?.code == .permissionDenied)
        let auditor = Scene.signatory("auditor", .auditor)
        #expect(try await clinical.call(ListBulkReadings(), as: auditor).readings == [reading])
    }

    @Test("is one record an hour, and refusals without end fill no disk")
    func one() async throws {
        try await clinical.prepare()
        await readTooMany()
        for _ in 0..<20 { await readTooMany() }
        #expect(try await entries().count == 1)
        // Another section is news at once, the same one only after a minute.
        for _ in 0..<5 {
            #expect(await rule(ListNotes(participant: Scene.budi)) == "too-many-people")
        }
        #expect(try await entries().count == 2)
        clinical.clock.go(to: start.adding(seconds: 61))
        for _ in 0..<5 { await readTooMany() }
        #expect(try await entries().count == 3)
        let reading = try #require(try await readings().first)
        #expect(reading.sections == [.clinical, .counseling])
        #expect(reading.firstAt == start && reading.lastAt == start.adding(seconds: 61))
        // A colleague has one of their own, and so has another hour.
        await readTooMany(as: Scene.colleague)
        clinical.clock.go(to: start.adding(seconds: 3600))
        await readTooMany()
        let all = try await readings()
        #expect(all.count == 3)
        #expect(Set(all.map(\.by)).count == 2)
        #expect(try await notices().first?.hasPrefix("3 readings of very many") == true)
    }

    @Test("is reviewed once, by somebody else, and is unchanged then whatever comes in its hour")
    func review() async throws {
        try await clinical.prepare()
        await readTooMany()
        let id = try #require(try await readings().first?.id)
        func review(_ remark: String) -> ReviewBulkReading {
            ReviewBulkReading(id: id, justified: false, remark: remark)
        }
        #expect(await clinical.failure(review("fine"))?.code == .permissionDenied)
        #expect(await clinical.failure(review(""), as: head)?.field == "remark")
        let unknown = ReviewBulkReading(id: Scene.id(9), justified: true, remark: "fine")
        #expect(await clinical.failure(unknown, as: head)?.code == .notFound)
        #expect(try await notices().count == 1)
        let reviewed = try await clinical.call(review("asked; no reason given"), as: head)
        #expect(reviewed.review?.justified == false)
        #expect(reviewed.review?.by.hasSuffix("/role/facility-head/kepala") == true)
        #expect(try await notices().isEmpty)
        #expect(try await readings().isEmpty)
        #expect(await clinical.refusal(review("another word"), as: head) == .alreadyReviewed)
        clinical.clock.go(to: start.adding(seconds: 120))
        await readTooMany()
        #expect(try await readings(all: true) == [reviewed])
    }

    @Test("is not reviewed by the reader, whatever else they are")
    func own() throws {
        let reader = Identity.person(
            PersonIdentity(
                domain: "pulih.test", affiliation: Scene.counselor.staff.affiliation,
                role: .programManager, code: "both"))
        let reading = BulkReading(
            id: Scene.id(1), by: reader.description, people: 500, further: 1,
            sections: [.clinical], purposes: [.operations], firstAt: start, lastAt: start)
        let review = ReviewBulkReading(id: reading.id, justified: true, remark: "fine")
        #expect(throws: Refused(ReviewRefusal.ownAccess)) {
            try ReviewRules.review(review, of: reading, by: reader, now: start)
        }
    }

    @Test("is counted over a restart, from the journal, and forgotten after an hour")
    func restart() async throws {
        try await clinical.prepare()
        #expect(await clinical.failure(GetPlan(participant: Scene.ani)) == nil)
        // What needs no purpose does not count.
        #expect(await clinical.failure(NextSession(participant: Scene.budi)) == nil)
        clinical.store.close()
        let again = try RunningClinical(
            in: clinical.directory, bounds: AccessBounds(registryAge: nil, peopleHourly: 1))
        let (ani, budi) = (GetPlan(participant: Scene.ani), GetPlan(participant: Scene.budi))
        try await again.service.records.recallReads(at: start.adding(seconds: 5))
        #expect(await again.failure(ani) == nil)
        #expect(await again.failure(budi)?.rule == "too-many-people")
        // A colleague has read nobody.
        #expect(await again.failure(budi, as: Scene.colleague) == nil)
        again.store.close()
        let later = try RunningClinical(
            in: clinical.directory, bounds: AccessBounds(registryAge: nil, peopleHourly: 1))
        later.clock.go(to: start.adding(seconds: 3600))
        try await later.service.records.recallReads(at: later.clock.now)
        #expect(await later.failure(budi) == nil)
    }

    @Test("is in the tables again when they are made anew from the journal")
    func rebuilt() async throws {
        try await clinical.prepare()
        await readTooMany()
        let before = try await readings()
        try #require(before.count == 1)
        try await clinical.store.rebuild()
        #expect(try await readings() == before)
    }
}
