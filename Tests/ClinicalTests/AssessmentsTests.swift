import ClinicalAPI
import ClinicalRules
import Foundation
import RPC
import Testing
import Vocabulary

@Suite("Assessing a participant")
struct AssessmentsTests {
    private func call(
        _ number: UInt64 = 1, of participant: ParticipantID = Scene.ani, day: Int = 90,
        severity: ASISeverity = ASISeverity(alcohol: 0, drug: 9), uses: [SubstanceUse]? = nil,
        diagnoses: [String] = [], correcting original: UInt64? = nil
    ) -> RecordAssessment {
        let shabu = SubstanceUse(
            substance: .methamphetamine, route: .smoked, lengthMonths: 48, primary: true)
        return RecordAssessment(
            id: Scene.id(number), participant: participant, day: Scene.day(day),
            severity: severity, substances: uses ?? [shabu],
            diagnoses: diagnoses.compactMap(DiagnosisCode.init), recommendation: .both,
            correction: original.map { Correction(of: Scene.id($0), reason: "salah orang") })
    }

    private func record(
        _ call: RecordAssessment, recorded: [Assessment] = [],
        by signatory: Signatory = Scene.counselor
    ) throws -> Change<Assessment> {
        try AssessmentRules.record(
            call, recorded: recorded, facts: Scene.facts, by: signatory, Scene.moment)
    }

    private func diagnose(
        _ number: UInt64, _ recorded: [Assessment], by signatory: Signatory = Scene.physician
    ) throws -> Change<Assessment> {
        let code = try #require(DiagnosisCode("F15.2"))
        return try AssessmentRules.diagnose(
            DiagnoseParticipant(assessment: Scene.id(number), code: code, day: Scene.day(95)),
            recorded: recorded, by: signatory, Scene.moment)
    }

    @Test("records what the law asks for, and a domain not rated as nil")
    func records() throws {
        let assessment = try record(call()).record
        #expect(assessment.assessor == Scene.counselor)
        #expect(assessment.severity.drug == 9)
        #expect(assessment.severity.alcohol == 0)
        #expect(assessment.severity.medical == nil)
        #expect(try record(call(), recorded: [assessment]) == .unchanged(assessment))
        #expect(throws: Refused(RecordAssessment.Refusal.idTaken)) {
            try record(call(day: 91), recorded: [assessment])
        }
        #expect(throws: Refused(RecordAssessment.Refusal.participantUnknown)) {
            try record(call(of: Scene.stranger))
        }
    }

    @Test("lets only a physician diagnose", arguments: Role.allCases)
    func standing(role: Role) throws {
        let signatory = Scene.signatory("x", role)
        let assessment = try record(call()).record
        if role == .physician {
            let made = try record(call(2, diagnoses: ["F15.2"]), by: signatory).record
            #expect(made.diagnoses.map(\.physician) == [signatory])
            let added = try diagnose(1, [assessment], by: signatory).record
            #expect(added.diagnoses.map(\.code.text) == ["F15.2"])
            #expect(try diagnose(1, [added], by: signatory) == .unchanged(added))
            #expect(try record(call(), recorded: [added]) == .unchanged(added))
        } else {
            #expect(throws: Refused(RecordAssessment.Refusal.diagnosisNeedsPhysician)) {
                try record(call(2, diagnoses: ["F15.2"]), by: signatory)
            }
            #expect(throws: Refused(DiagnoseParticipant.Refusal.diagnosisNeedsPhysician)) {
                try diagnose(1, [assessment], by: signatory)
            }
        }
        #expect(DiagnoseParticipant.access.roles.contains(role) == (role == .physician))
    }

    @Test("reads diagnoses of F10 to F19 and no others")
    func codes() throws {
        for text in ["F10", "F19", "F15.2", "F11.21"] {
            let code = try #require(DiagnosisCode(text))
            let data = try JSONEncoder().encode([code])
            #expect(try JSONDecoder().decode([DiagnosisCode].self, from: data) == [code])
        }
        for text in ["", "F1", "F20", "F09", "f15", "F15.", "F15.x", "F15.211", "F152", "F15 2"] {
            #expect(DiagnosisCode(text) == nil)
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode([DiagnosisCode].self, from: JSONEncoder().encode([text]))
            }
        }
    }

    @Test("refuses what cannot be, and names the field")
    func input() {
        func use(
            _ substance: SubstanceUse.Substance = .cannabis, _ name: String? = nil,
            months: Int = 1, primary: Bool = false
        ) -> SubstanceUse {
            SubstanceUse(
                substance: substance, otherName: name, route: .smoked, lengthMonths: months,
                primary: primary)
        }
        let wrong = [
            (call(severity: ASISeverity(family: 10)), "severity.family"),
            (call(severity: ASISeverity(psychiatric: -1)), "severity.psychiatric"),
            (call(uses: [use(), use(months: 1201)]), "substances[1].lengthMonths"),
            (call(uses: [use(months: -1)]), "substances[0].lengthMonths"),
            (call(uses: [use(.other)]), "substances[0].otherName"),
            (call(uses: [use(.opioids, "putaw")]), "substances[0].otherName"),
            (call(uses: [use(primary: true), use(primary: true)]), "substances"),
            (call(uses: Array(repeating: use(), count: 21)), "substances"),
            (call(day: 101), "day"),
        ]
        for (call, field) in wrong {
            let error = #expect(throws: InvalidInput.self) { try record(call) }
            #expect(error?.field == field)
        }
    }

    @Test("corrects an earlier assessment once, which takes no diagnosis any more")
    func correction() throws {
        let first = try record(call()).record
        let second = try record(call(2, correcting: 1), recorded: [first]).record
        let both = [first, second]
        #expect(AssessmentRules.list(ListAssessments(participant: Scene.ani), of: both) == [second])
        let all = ListAssessments(participant: Scene.ani, includingCorrected: true)
        #expect(AssessmentRules.list(all, of: both) == both)
        #expect(throws: Refused(RecordAssessment.Refusal.alreadyCorrected)) {
            try record(call(3, correcting: 1), recorded: both)
        }
        #expect(throws: Refused(RecordAssessment.Refusal.correctedUnknown)) {
            try record(call(3, correcting: 9), recorded: both)
        }
        #expect(throws: Refused(RecordAssessment.Refusal.correctsAnother)) {
            try record(call(3, of: Scene.budi, correcting: 2), recorded: both)
        }
        #expect(throws: Refused(DiagnoseParticipant.Refusal.alreadyCorrected)) {
            try diagnose(1, both)
        }
        #expect(throws: NotFound("assessment", Scene.id(9) as AssessmentID)) {
            try diagnose(9, both)
        }
    }
}

@Suite("The plan of treatment")
struct PlansTests {
    private func assessment(_ number: UInt64, day: Int, correcting: UInt64? = nil) -> Assessment {
        Assessment(
            id: Scene.id(number), participant: Scene.ani, day: Scene.day(day),
            assessor: Scene.counselor, severity: ASISeverity(), substances: [], diagnoses: [],
            recommendation: .social, recommendationReason: nil,
            correction: correcting.map { Correction(of: Scene.id($0), reason: "x") },
            recordedAt: Scene.at(day))
    }

    private func set(
        _ number: UInt64 = 1, replacing: Int = 0, goal: String = "abstinen", target: Int = 200,
        services: [String] = ["konseling individu"], current: Plan? = nil,
        recorded: [Assessment]? = nil
    ) throws -> Change<Plan> {
        let goal = Plan.Goal(
            text: goal, targetDay: Scene.day(target), responsible: Scene.colleague.staff)
        return try PlanRules.set(
            SetPlan(
                assessment: Scene.id(number), replacing: replacing, goals: [goal],
                services: services),
            current: current, recorded: recorded ?? [assessment(1, day: 90)],
            by: Scene.counselor, Scene.moment)
    }

    @Test("is set revision by revision, each on top of the one that was read")
    func revisions() throws {
        let first = try set().record
        #expect(first.revision == 1)
        #expect(first.participant == Scene.ani)
        #expect(try set(current: first) == .unchanged(first))
        let second = try set(replacing: 1, goal: "bekerja", current: first).record
        #expect(second.revision == 2)
        #expect(throws: Refused(SetPlan.Refusal.planChanged, "it is at revision 2")) {
            try set(replacing: 1, goal: "sekolah", current: second)
        }
        #expect(throws: Refused(SetPlan.Refusal.planChanged, "it is at revision 0")) {
            try set(replacing: 1)
        }
    }

    @Test("belongs to an assessment that stands")
    func standing() throws {
        let both = [assessment(1, day: 90), assessment(2, day: 90, correcting: 1)]
        #expect(throws: Refused(SetPlan.Refusal.alreadyCorrected)) { try set(recorded: both) }
        #expect(throws: NotFound("assessment", Scene.id(7) as AssessmentID)) {
            try set(7, recorded: both)
        }
        let plan = try set(2, recorded: both).record
        #expect(PlanRules.current(of: [plan], assessments: both) == plan)
    }

    @Test("that holds is of the latest assessment that has one")
    func current() throws {
        let assessments = [assessment(2, day: 95), assessment(1, day: 90), assessment(3, day: 99)]
        let early = try set(1, recorded: assessments).record
        let late = try set(2, recorded: assessments).record
        #expect(PlanRules.current(of: [early, late], assessments: assessments) == late)
        #expect(PlanRules.current(of: [early], assessments: assessments) == early)
        #expect(PlanRules.current(of: [], assessments: assessments) == nil)
    }

    @Test("names the goal or the service that is wrong")
    func input() {
        func field(_ body: () throws -> Change<Plan>) -> String? {
            #expect(throws: InvalidInput.self) { try body() }?.field
        }
        #expect(field { try set(goal: "") } == "goals[0].text")
        #expect(field { try set(target: 89) } == "goals[0].targetDay")
        #expect(field { try set(services: ["a", "a"]) } == "services")
        #expect(field { try set(services: ["a", "b\u{0}"]) } == "services[1]")
    }
}
