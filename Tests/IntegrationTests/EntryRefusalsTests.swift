import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("An enrollment that a rule stands against, over running services", .timeLimit(.minutes(3)))
struct EntryRefusalsTests {
    private typealias Refusal = OpenEnrollment.Refusal

    /// One thing that is wrong, and the rule that must say so.
    private struct Case: Sendable {
        let expected: Refusal
        let change: @Sendable (inout Admission) -> Void

        init(_ expected: Refusal, _ change: @escaping @Sendable (inout Admission) -> Void) {
            self.expected = expected
            self.change = change
        }
    }

    private static let cases = [
        Case(.legalStatusNotAllowed) {
            $0.register = RegisterNumber(book: .a3, number: "9/2026")
            $0.daysLeft = nil
        },
        Case(.registerF) { $0.registerF = true },
        Case(.noReleaseDate) { $0.daysLeft = nil },
        Case(.remainingSentenceTooShort) { $0.daysLeft = 179 },
        Case(.noConsent) { $0.consent = .none },
        Case(.consentExpired) { $0.consent = .expired },
        Case(.consentRevoked) { $0.consent = .revoked },
        Case(.screeningMissing) { $0.screening = nil },
        Case(.screeningTooOld) { $0.screening?.daysBefore = 91 },
        Case(.riskTooLow) { $0.screening?.score = .low },
        Case(.urineMissing) { $0.urineTested = false },
        Case(.noDecision) { $0.recommends = nil },
        Case(.kindNotRecommended) {
            $0.recommends = .medical
            $0.decree = .none
        },
        Case(.noDecree) { $0.decree = .none },
        Case(.decreeDoesNotName) { $0.decree = .ofAnotherCohort },
        Case(.notPlaced) { $0.placed = false },
        // The agreement began 400 days ago.
        Case(.agreementNotYetValid) { $0.admittedOn = -401 },
    ]

    /// Refusals that last only until the clinical service's feed is heard.
    private static let passing: Set<Refusal> = [.screeningMissing, .urineMissing]

    /// Asks until the answer no longer depends on what the feed has yet to tell.
    private func settledRefusal(
        of call: OpenEnrollment, expecting expected: Refusal, in town: Town
    ) async throws -> Refusal? {
        do {
            _ = try await town.onceHeard(
                call, as: .registrar, despite: Self.passing.subtracting([expected]))
            return nil
        } catch let error as CallError<Refusal> {
            return error.reason
        }
    }

    @Test("names the rule, and enrolls nobody")
    func refusals() async throws {
        let town = try await Town()
        let master = try await MasterData.record(in: town)
        for example in Self.cases {
            var admission = Admission(master)
            example.change(&admission)
            let call = try await admission.record(in: town)
            let refusal = try await settledRefusal(
                of: call, expecting: example.expected, in: town)
            #expect(refusal == example.expected)
        }
        let enrolled = try await town.call(ListEnrollments(), as: .registrar)
        #expect(enrolled.enrollments.isEmpty)
    }

    @Test(
        "refuses who is enrolled already, who left, who died, and whom the program has no room for")
    func people() async throws {
        let town = try await Town()
        let master = try await MasterData.record(in: town)
        let small = try await town.call(
            DefineProgram(
                program: MasterData.program("small", under: master.agreement.id, capacity: 1)),
            as: .programManager)
        func call(_ change: (inout Admission) -> Void = { _ in }) async throws -> OpenEnrollment {
            var admission = Admission(master)
            admission.program = small
            change(&admission)
            return try await admission.record(in: town)
        }
        let first = try await call()
        _ = try await town.onceHeard(first, as: .registrar, despite: Self.passing)
        let again = OpenEnrollment(
            id: fresh(), participant: first.participant, program: first.program,
            cohort: first.cohort, decree: first.decree, openedOn: first.openedOn)
        #expect(try await town.refusal(again, as: .registrar) == .alreadyEnrolled)

        let second = try await call()
        #expect(
            try await settledRefusal(of: second, expecting: .programFull, in: town)
                == .programFull)
        let taken = OpenEnrollment(
            id: first.id, participant: second.participant, program: second.program,
            cohort: second.cohort, decree: second.decree, openedOn: second.openedOn)
        #expect(try await town.refusal(taken, as: .registrar) == .idTaken)

        let released = try await call()
        _ = try await town.call(
            ReleaseParticipant(
                participant: released.participant, day: town.day(-119), kind: .parole),
            as: .registrar)
        #expect(try await town.refusal(released, as: .registrar) == .notInCustody)
        let dead = try await call()
        _ = try await town.call(
            RecordDeath(participant: dead.participant, day: town.day(-119), source: "certificate"),
            as: .registrar)
        #expect(try await town.refusal(dead, as: .registrar) == .deceased)
        let merged = try await call()
        _ = try await town.call(
            MergeParticipants(
                kept: second.participant, duplicate: merged.participant, reason: "one person"),
            as: .registrar)
        #expect(try await town.refusal(merged, as: .registrar) == .merged)
    }

    @Test("runs no program under an agreement that has ended")
    func agreement() async throws {
        let town = try await Town()
        _ = try await MasterData.record(in: town)
        let ended = try await town.call(
            SignAgreement(
                agreement: MasterData.agreement("PKS-0", from: -800, through: -1, in: town)),
            as: .facilityHead)
        let program = MasterData.program("late", under: ended.id, capacity: 5)
        #expect(
            try await town.refusal(DefineProgram(program: program), as: .programManager)
                == .agreementExpired)
    }
}
