import EvaluationAPI
import EvaluationRules
import Testing
import Vocabulary

@Suite("Signing a joint evaluation")
struct SigningTests {
    private func sign(
        _ evaluation: PeriodicEvaluation = draft(), by person: PersonIdentity,
        revision: Int? = nil, enrollment: EnrollmentFact? = stay(1),
        treating others: Set<StaffMember>? = [StaffMember(treating)], on day: Day = today
    ) throws(SignEvaluation.Refusal) -> PeriodicEvaluation {
        try Evaluations.sign(
            evaluation,
            SignEvaluation(evaluation: evaluation.id, revision: revision ?? evaluation.revision),
            by: person, enrollment: enrollment, treating: others, on: day)
    }

    @Test("makes it joint once both sides signed, and not before")
    func bothSides() throws {
        let once = try sign(by: ofFacility)
        #expect(once.status == .draft)
        let twice = try sign(once, by: ofBoard)
        #expect(twice.status == .joint)
        #expect(twice.signatures.map(\.by) == [StaffMember(ofFacility), StaffMember(ofBoard)])
        #expect(twice.signatures.allSatisfy { $0.day == today && $0.revision == 1 })
    }

    @Test("takes two of one side and still waits for the other")
    func oneSideTwice() throws {
        let signed = try sign(sign(by: ofFacility), by: person("F2", as: .physician))
        #expect(signed.status == .draft)
    }

    @Test("refuses the same person a second time")
    func twiceBySame() throws {
        let once = try sign(by: ofFacility)
        #expect(throws: SignEvaluation.Refusal.signedAlready) { try sign(once, by: ofFacility) }
    }

    @Test("refuses the treating counselor, but not a namesake of the other institution")
    func treatingCounselor() throws {
        #expect(throws: SignEvaluation.Refusal.treatingCounselor) { try sign(by: treating) }
        let namesake = person(treating.code, at: board, as: .boardCounselor)
        #expect(try sign(by: namesake).signatures.count == 1)
    }

    @Test("refuses whoever belongs to no party of the agreement")
    func stranger() {
        let other = person("X1", at: Affiliation(kind: .institution, code: "bnnk-malang"))
        #expect(throws: SignEvaluation.Refusal.notAParty) { try sign(by: other) }
    }

    @Test("refuses every role that does not assess", arguments: Role.allCases)
    func roles(_ role: Role) {
        let mayAssess: Set<Role> = [
            .physician, .psychologist, .counselor, .boardCounselor, .integratedTeam,
        ]
        let signed = try? sign(by: person("Z1", as: role))
        #expect((signed != nil) == mayAssess.contains(role))
    }

    @Test("refuses a revision other than the one that was read")
    func changedContent() throws {
        let once = try sign(by: ofFacility)
        let amended = try Evaluations.amend(
            once, AmendEvaluation(evaluation: once.id, revision: 1, findings: "unsteady"),
            enrollment: stay(1), evidence: noEvidence, on: today)
        #expect(amended.revision == 2)
        #expect(amended.signatures.isEmpty)
        #expect(throws: SignEvaluation.Refusal.contentChanged) {
            try sign(amended, by: ofBoard, revision: 1)
        }
        #expect(try sign(amended, by: ofBoard).status == .draft)
    }

    @Test("counts no signature of an earlier revision")
    func staleSignature() {
        var evaluation = draft()
        evaluation.signatures = [ofFacility, ofBoard].map {
            Signature(by: StaffMember($0), role: $0.role, day: today, revision: 1)
        }
        #expect(Evaluations.isJoint(evaluation))
        evaluation.revision = 2
        #expect(!Evaluations.isJoint(evaluation))
    }

    @Test("refuses while nobody can tell who treats the participant, or who the parties are")
    func unknown() {
        #expect(throws: SignEvaluation.Refusal.treatingUnknown) {
            try sign(by: ofFacility, treating: nil)
        }
        #expect(throws: SignEvaluation.Refusal.enrollmentUnknown) {
            try sign(by: ofFacility, enrollment: nil)
        }
        #expect(throws: SignEvaluation.Refusal.enrollmentUnknown) {
            try sign(by: ofFacility, enrollment: stay(2))
        }
    }

    @Test("refuses before the day it was held, and after it is joint")
    func days() throws {
        #expect(throws: SignEvaluation.Refusal.signedBeforeHeld) {
            try sign(by: ofFacility, on: day(-3))
        }
        let joint = try sign(sign(by: ofFacility), by: ofBoard)
        #expect(throws: SignEvaluation.Refusal.alreadyJoint) {
            try sign(joint, by: person("F2"))
        }
        #expect(throws: AmendEvaluation.Refusal.alreadyJoint) {
            try Evaluations.amend(
                joint, AmendEvaluation(evaluation: joint.id, revision: 1, findings: "other"),
                enrollment: stay(1), evidence: noEvidence, on: today)
        }
    }
}

@Suite("Opening a joint evaluation")
struct OpeningTests {
    private func open(
        _ number: Int = 1, kind: EvaluationKind = .periodic(point: "M3"), participant: Int = 1,
        held: Day = day(-2), findings: String = "steady", enrollment: EnrollmentFact? = stay(1),
        standing: [PeriodicEvaluation] = []
    ) throws(OpenEvaluation.Refusal) -> Evaluations.Opening {
        try Evaluations.open(
            OpenEvaluation(
                id: id(number), participant: id(participant), enrollment: id(1), kind: kind,
                heldOn: held, findings: findings, recommendation: .continue),
            by: ofFacility, enrollment: enrollment, points: points, standing: standing,
            evidence: noEvidence, on: today)
    }

    @Test("stores a draft with its due day, and finds it again when repeated")
    func stores() throws {
        guard case .store(let evaluation) = try open() else {
            Issue.record("nothing was to be stored")
            return
        }
        #expect(evaluation.status == .draft)
        #expect(evaluation.dueOn == day(-100).adding(months: 3))
        #expect(try open(standing: [evaluation]) == .alreadyDone(evaluation))
        #expect(throws: OpenEvaluation.Refusal.idTaken) {
            try open(findings: "other", standing: [evaluation])
        }
        #expect(throws: OpenEvaluation.Refusal.alreadyOpened) {
            try open(2, standing: [evaluation])
        }
    }

    @Test("refuses what does not fit the enrollment")
    func refusals() {
        #expect(throws: OpenEvaluation.Refusal.enrollmentUnknown) { try open(enrollment: nil) }
        #expect(throws: OpenEvaluation.Refusal.participantDiffers) { try open(participant: 9) }
        #expect(throws: OpenEvaluation.Refusal.pointUnknown) {
            try open(kind: .periodic(point: "M9"))
        }
        #expect(throws: OpenEvaluation.Refusal.notExited) { try open(kind: .exit) }
        #expect(throws: OpenEvaluation.Refusal.heldInFuture) { try open(held: day(1)) }
        #expect(throws: OpenEvaluation.Refusal.heldOutsideEnrollment) {
            try open(held: day(-101))
        }
        #expect(throws: OpenEvaluation.Refusal.findingsMissing) { try open(findings: " \n") }
    }

    @Test("freezes reliable change with the deviation and reliability it was judged by")
    func evidence() throws {
        func score(_ value: Double, _ occasion: ScoreFact.Occasion, _ on: Day) -> ScoreFact {
            ScoreFact(
                enrollment: id(1), scale: "whoqol-bref.social", occasion: occasion, day: on,
                value: value)
        }
        let scores = [
            score(40, .start, day(-100)), score(63, .month3, day(-5)),
            score(99, .month6, day(-1)),
        ]
        let evidence = Evidence.gather(
            of: id(1), upTo: day(-2), attendance: [], urine: [], scores: scores, baselines: [:])
        let change = try #require(evidence.quality.first)
        #expect(evidence.quality.count == 1)
        #expect(change.difference == 23)
        // Review 5: with alpha .68 and SD 15 the social domain needs 23.5 points.
        #expect(change.changeClass == .unchanged)
        #expect(change.reliability == 0.68)
        #expect(change.standardDeviation == 15)
        let later = Evidence.gather(
            of: id(1), upTo: today, attendance: [], urine: [], scores: scores, baselines: [:])
        #expect(later.quality.first?.changeClass == .improved)
    }
}
