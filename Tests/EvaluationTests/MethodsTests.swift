import EvaluationAPI
import RPC
import Testing
import Vocabulary

@Suite("The calls of the evaluation service")
struct MethodsTests {
    @Test("have names of three parts, each once")
    func names() {
        let names = EvaluationMethods.all.map { $0.name.text }
        #expect(Set(names).count == names.count)
        #expect(names.count == 16)
        for name in names {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            #expect(parts.count == 3)
            #expect(parts.first == "evaluation")
            #expect(!parts.contains(""))
        }
    }

    @Test("are closed to guards, administrators and services")
    func access() {
        for method in EvaluationMethods.all {
            #expect(!method.access.roles.contains(.security))
            #expect(!method.access.roles.contains(.administrator))
            #expect(method.access.services.isEmpty)
        }
    }

    @Test("show scores to nobody but those who assess, manage the program or follow up")
    func clinicalReads() {
        let mayRead: Set<Role> = [
            .physician, .psychologist, .counselor, .boardCounselor, .integratedTeam,
            .programManager, .aftercareOfficer,
        ]
        let reads = EvaluationMethods.all.filter {
            $0.section == .clinical && $0.repeatability == .readOnly
        }
        #expect(reads.count == 5)
        for method in reads { #expect(method.access.roles.isSubset(of: mayRead)) }
        #expect(!GetEvaluation.access.roles.contains(.aftercareOfficer))
        #expect(!ListEvaluations.access.roles.contains(.facilityHead))
        #expect(EvaluationTimeline.access.roles.contains(.integratedTeam))
        #expect(ListContacts.access.roles.contains(.aftercareOfficer))
        #expect(ListOutcomes.access.roles.contains(.aftercareOfficer))
    }

    @Test("keep figures over many people apart from people")
    func sections() {
        #expect(ReportEffectiveness.section == .aggregate)
        #expect(ReportEffectiveness.access.roles.contains(.auditor))
        #expect(DueEvaluations.section == .program)
        #expect(ListCaseload.section == .program)
        #expect(ListFollowUps.access.roles.contains(.registrar))
    }

    private func explains<Refusal: RPCRefusal>(_ refusal: Refusal.Type) {
        for reason in refusal.allCases {
            #expect(reason.explanation.count > 20, "\(reason.rawValue)")
            #expect(!reason.rawValue.contains { $0.isUppercase || $0 == "_" || $0 == " " })
        }
    }

    @Test("explain each refusal by its rule")
    func refusals() {
        explains(OpenEvaluation.Refusal.self)
        explains(AmendEvaluation.Refusal.self)
        explains(SignEvaluation.Refusal.self)
        explains(RecordContact.Refusal.self)
        explains(RecordOutcome.Refusal.self)
        explains(RecordFollowUp.Refusal.self)
        explains(ImportCohortOutcomes.Refusal.self)
        for warning in ReportWarning.allCases { #expect(warning.explanation.count > 20) }
    }
}
