import ClinicalAPI
import ClinicalRules
import Foundation
import Hosting
import RPC
import RegistryAPI
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("An emergency access", .timeLimit(.minutes(1)))
struct EmergencyTests {
    private let clinical: RunningClinical
    private let head = Scene.signatory("kepala", .facilityHead)
    private let reason = "unconscious in block R, no history at hand"

    init() throws { clinical = try RunningClinical() }

    private func open(_ number: UInt64 = 1, reason: String? = nil) -> OpenEmergencyAccess {
        OpenEmergencyAccess(
            id: Scene.id(number), participant: Scene.ani, category: .medical,
            reason: reason ?? self.reason)
    }

    private func failure(of request: some RPCMethod, by reader: Signatory) async -> RPCFailure? {
        do {
            _ = try await clinical.caller(as: reader, for: .emergency).call(request)
            return nil
        } catch {
            return error.failure
        }
    }

    @Test("opens one person's records to whoever took it, for an hour, against what was agreed")
    func hour() async throws {
        try await clinical.prepare()
        try await clinical.hear(
            .consent,
            RunningClinical.consent(of: Scene.ani, to: [], withdrawn: [.clinical, .counseling]))
        let notes = ListNotes(participant: Scene.ani)
        #expect(await failure(of: notes, by: Scene.physician)?.rule == "emergency-not-open")
        let access = try await clinical.call(open(), as: Scene.physician)
        #expect(access.until == Scene.moment.now.adding(seconds: 3600))
        #expect(await failure(of: notes, by: Scene.physician) == nil)
        // Nobody else's, and of nobody else.
        #expect(await failure(of: notes, by: Scene.colleague)?.rule == "emergency-not-open")
        let other = ListNotes(participant: Scene.budi)
        #expect(await failure(of: other, by: Scene.physician)?.rule == "emergency-not-open")
        clinical.clock.go(to: access.until)
        #expect(await failure(of: notes, by: Scene.physician)?.rule == "emergency-not-open")
    }

    @Test("opens whatever is kept of the person, under all their records")
    func merged() async throws {
        try await clinical.prepare()
        try await clinical.hear(
            .participant, RunningClinical.participant(Scene.budi, mergedInto: Scene.ani))
        let notes = [Scene.ani, Scene.budi].map { ListNotes(participant: $0) }
        try await clinical.call(open(), as: Scene.physician)
        for list in notes { #expect(await failure(of: list, by: Scene.physician) == nil) }
        try await clinical.hear(.participant, RunningClinical.participant(Scene.budi))
        #expect(await failure(of: notes[0], by: Scene.physician) == nil)
        #expect(await failure(of: notes[1], by: Scene.physician)?.rule == "emergency-not-open")
    }

    @Test("needs a reason that says something, and a role that treats")
    func reasons() async throws {
        try await clinical.prepare()
        #expect(await clinical.failure(open(reason: "urgent"))?.field == "reason")
        #expect(await clinical.failure(open(), as: head)?.code == .permissionDenied)
        try await clinical.call(open())
        #expect(await clinical.refusal(open(reason: reason + "!")) == .idTaken)
    }

    @Test("is told of, and reviewed once, by somebody else")
    func review() async throws {
        try await clinical.prepare()
        func notices() async throws -> [HealthNotice] {
            let health = try await clinical.caller(as: head).call(CheckHealth())
            return (health.notices ?? []).filter { $0.kind == .emergencyToReview }
        }
        #expect(try await notices().isEmpty)
        try await clinical.call(open())
        #expect(
            try await notices().map(\.text) == [
                "1 emergency access to review: pulih emergency list"
            ])
        let listed = try await clinical.call(ListEmergencyAccesses(), as: head)
        #expect(listed.accesses.map(\.reason) == [reason])
        let review = ReviewEmergencyAccess(
            id: Scene.id(1), justified: true, remark: "it was so; record found in time")
        let reviewed = try await clinical.call(review, as: head)
        #expect(reviewed.review?.justified == true)
        #expect(try await notices().isEmpty)
        #expect(try await clinical.call(ListEmergencyAccesses(), as: head).accesses.isEmpty)
        let changed = ReviewEmergencyAccess(id: Scene.id(1), justified: false, remark: "no")
        #expect(await clinical.refusal(changed, as: head) == .alreadyReviewed)
        #expect(await clinical.failure(review)?.code == .permissionDenied)
    }

    @Test("is not reviewed by whoever took it, whatever else they are")
    func own() throws {
        let taker = Identity.person(
            PersonIdentity(
                domain: "pulih.test", affiliation: Scene.counselor.staff.affiliation,
                role: .programManager, code: "both"))
        let access = EmergencyAccess(
            id: Scene.id(1), participant: Scene.ani, by: taker.description, category: .medical,
            reason: reason, from: Scene.moment.now, until: Scene.moment.now)
        let review = ReviewEmergencyAccess(id: access.id, justified: true, remark: "fine")
        #expect(throws: Refused(ReviewRefusal.ownAccess)) {
            try ReviewRules.review(review, of: access, by: taker, now: Scene.moment.now)
        }
    }

    @Test(
        "is accounted for from a reserve when the disk is full, and nothing else is shown then",
        .enabled(if: geteuid() == 0, "a small disk is mounted for it, which needs root"))
    func fullDisk() async throws {
        let directory = try TemporaryDirectory()
        let disk = try SmallDisk(at: directory.path, megabytes: 4)
        defer { disk.unmount() }
        let clinical = try RunningClinical(in: directory)
        defer { clinical.store.close() }
        try await clinical.prepare()
        try await clinical.call(open(), as: Scene.physician)
        let notes = ListNotes(participant: Scene.ani)
        disk.fill()
        func read(for purpose: PurposeOfUse) async -> RPCFailure? {
            do throws(CallError<ListNotes.Refusal>) {
                _ = try await clinical.caller(as: Scene.physician, for: purpose).call(notes)
                return nil
            } catch {
                return error.failure
            }
        }
        // Small notes find room in what the journal's files have already, until they do not.
        var usual: RPCFailure?
        for _ in 0..<500 where usual == nil {
            usual = await read(for: .treatment)
            disk.fill()
        }
        #expect(usual?.rule == "not-accountable")
        #expect(await read(for: .emergency) == nil)
        #expect(await read(for: .emergency) == nil)
    }
}
