import RPC
import RegistryAPI
import Testing
import Vocabulary

@Suite("The registry's calls")
struct MethodsTests {
    @Test("have names of three parts that begin with the service's, each once")
    func names() {
        let names = RegistryMethods.all.map { $0.name.text }
        #expect(Set(names).count == names.count)
        for name in names {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            #expect(parts.count == 3 && parts.first == "registry", "\(name)")
        }
    }

    @Test("are read-only where they only show, and keyed where they change something")
    func repeatability() {
        let reading = [
            "list", "get", "duplicates", "timeline", "follow", "reveal-nik", "legal",
        ]
        for method in RegistryMethods.all {
            let verb = method.name.text.split(separator: ".").last.map(String.init) ?? ""
            let expected: Repeatability = reading.contains(verb) ? .readOnly : .keyed
            #expect(method.repeatability == expected, "\(method.name)")
        }
    }

    @Test("keep administrators and auditors away from people")
    func administratorsReadNoPeople() {
        let personal: Set<Section> = [.identity, .legal, .clinical, .counseling]
        for method in RegistryMethods.all where personal.contains(method.section) {
            #expect(!method.access.roles.contains(.administrator), "\(method.name)")
            #expect(!method.access.roles.contains(.auditor), "\(method.name)")
            #expect(!method.access.roles.contains(.integratedTeam), "\(method.name)")
        }
    }

    @Test("show security nothing clinical")
    func securitySeesNothingClinical() {
        for method in RegistryMethods.all
        where [.clinical, .counseling, .program].contains(method.section) {
            #expect(!method.access.roles.contains(.security), "\(method.name)")
        }
    }

    @Test("let only the two other services follow the feed")
    func feed() {
        #expect(FollowRegistry.access.roles.isEmpty)
        #expect(FollowRegistry.access.services == [.clinical, .evaluation])
        for method in RegistryMethods.all where method != FollowRegistry.self {
            #expect(!method.access.roles.isEmpty, "\(method.name)")
        }
    }

    @Test("explain every refusal, and name it in kebab case")
    func refusals() {
        explains(AddFacility.Refusal.self)
        explains(AddInstitution.Refusal.self)
        explains(SignAgreement.Refusal.self)
        explains(DefineProgram.Refusal.self)
        explains(AddStaff.Refusal.self)
        explains(RegisterParticipant.Refusal.self)
        explains(AddAlias.Refusal.self)
        explains(MergeParticipants.Refusal.self)
        explains(UnmergeParticipants.Refusal.self)
        explains(MoveRegister.Refusal.self)
        explains(SetSentence.Refusal.self)
        explains(PlaceParticipant.Refusal.self)
        explains(ReleaseParticipant.Refusal.self)
        explains(RecordDeath.Refusal.self)
        explains(RecordItem.Refusal.self)
        explains(RecordConsent.Refusal.self)
        explains(RevokeConsent.Refusal.self)
        explains(RecordDecision.Refusal.self)
        explains(IssueDecree.Refusal.self)
        explains(OpenEnrollment.Refusal.self)
        explains(AdvanceEnrollment.Refusal.self)
        explains(HoldEnrollment.Refusal.self)
        explains(ResumeEnrollment.Refusal.self)
        explains(ExitEnrollment.Refusal.self)
        explains(TransferEnrollment.Refusal.self)
        explains(ImportCohort.Refusal.self)
        explains(RevokeCertificate.Refusal.self)
        explains(EraseSection.Refusal.self)
        explains(EnterLegalRequest.Refusal.self)
        explains(DecideLegalRequest.Refusal.self)
        explains(GiveOnLegalRequest.Refusal.self)
        explains(EnterSubjectRequest.Refusal.self)
        explains(AnswerSubjectRequest.Refusal.self)
        explains(LiftRestriction.Refusal.self)
        explains(RecordDisclosure.Refusal.self)
        explains(ReportBreach.Refusal.self)
        explains(TellBreach.Refusal.self)
    }

    private func explains<Reason: RPCRefusal>(_ type: Reason.Type) {
        for reason in Reason.allCases {
            #expect(reason.explanation.contains(" "), "\(reason.rawValue)")
            #expect(
                reason.rawValue.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x2d },
                "\(reason.rawValue)")
        }
    }
}
