import ClinicalAPI
import RPC
import Testing
import Vocabulary

@Suite("Access to the clinical service")
struct AccessTests {
    private let methods = ClinicalMethods.all

    private func names(open role: Role) -> Set<String> {
        let person = Identity.person(
            PersonIdentity(
                domain: "pulih", affiliation: Affiliation(kind: .facility, code: "rutan"),
                role: role, code: "1"))
        return Set(methods.filter { $0.access.allows(person) }.map { $0.name.text })
    }

    @Test("has one name a call, all of this service")
    func namesAreUnique() {
        let names = methods.map { $0.name.text }
        #expect(names.count == 32)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.hasPrefix("clinical.") })
        #expect(names.allSatisfy { $0.split(separator: ".").count == 3 })
    }

    @Test("gives guards the watch list alone, and registrars and machine keepers nothing")
    func custody() {
        #expect(names(open: .security) == ["clinical.alert.flags"])
        for role in [Role.registrar, .administrator, .auditor, .aftercareOfficer] {
            #expect(names(open: role) == [])
        }
    }

    @Test("gives watchers the schedule and attendance, and nothing clinical")
    func watchers() {
        let schedule: Set<String> = [
            "clinical.session.list", "clinical.session.next", "clinical.participant.attendance",
        ]
        #expect(names(open: .integratedTeam) == schedule)
        #expect(names(open: .facilityHead) == schedule.union(["clinical.alert.flags"]))
        #expect(names(open: .boardHead) == schedule.union(["clinical.alert.flags"]))
        #expect(
            names(open: .programManager)
                == schedule.union([
                    "clinical.alert.flags", "clinical.session.schedule", "clinical.session.hold",
                    "clinical.session.record", "clinical.session.correct",
                    "clinical.session.miss", "clinical.session.cancel",
                ]))
    }

    @Test("keeps what is clinical or said in counseling to those who treat")
    func clinical() {
        for method in methods where [.clinical, .counseling].contains(method.section) {
            #expect(method.access.roles.isSubset(of: .clinicians), "\(method.name)")
        }
        let notes = methods.filter { $0.name.text.hasPrefix("clinical.note.") }
        #expect(notes.count == 4)
        #expect(notes.allSatisfy { $0.section == .counseling })
    }

    @Test("opens the feed to the two services that follow it, and nothing else to a service")
    func services() {
        for method in methods {
            let follows = method.name.text == "clinical.feed.follow"
            #expect(method.access.services == (follows ? [.registry, .evaluation] : []))
            if follows { #expect(method.access.roles.isEmpty) }
        }
    }

    @Test("repeats reads at will, and every change under a key")
    func repeatability() {
        let reads: Set<Substring> = [
            "list", "get", "describe", "next", "flags", "timeline", "follow", "attendance",
        ]
        for method in methods {
            let verb = method.name.text.split(separator: ".").last ?? ""
            let expected: Repeatability = reads.contains(verb) ? .readOnly : .keyed
            #expect(method.repeatability == expected, "\(method.name)")
        }
    }

    @Test("explains every refusal, by a name in kebab case")
    func refusals() {
        func check<Reason: RPCRefusal>(_: Reason.Type) {
            for reason in Reason.allCases {
                #expect(reason.explanation.count > 20, "\(reason)")
                #expect(reason.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
            }
        }
        check(SessionRefusal.self)
        check(AdministerInstrument.Refusal.self)
        check(RecordAssessment.Refusal.self)
        check(DiagnoseParticipant.Refusal.self)
        check(SetPlan.Refusal.self)
        check(WriteNote.Refusal.self)
        check(AmendNote.Refusal.self)
        check(EraseNotes.Refusal.self)
        check(RecordUrineTest.Refusal.self)
        check(ConfirmUrineTest.Refusal.self)
        check(RaiseAlert.Refusal.self)
        check(AcknowledgeAlert.Refusal.self)
    }
}
