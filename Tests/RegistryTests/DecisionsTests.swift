import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Decisions, decrees, placements and recorded items")
struct DecisionsTests {
    @Test("a team needs a physician, a counselor or psychologist, and registration")
    func team() throws {
        typealias Reason = RecordDecision.Refusal
        func refused(
            _ members: [TeamMember], _ staff: [Staff] = Example.team,
            existing: Decision? = nil, of participant: Participant = Example.participant()
        ) -> Reason? {
            let decision = Decision(
                id: id(400), participant: id(1), members: members, recommends: .social,
                place: "Rutan Kraksaan, block R", decidedOn: day("2026-02-10"))
            return refusal(Reason.self) {
                try DecisionRules.record(
                    RecordDecision(decision: decision),
                    facts: DecisionFacts(
                        participant: participant, staff: staff, existing: existing),
                    today: Example.today)
            }
        }
        let all = Example.decision.members
        #expect(refused(all) == nil)
        #expect(refused([all[1], all[2]]) == .noPhysician)
        #expect(refused([all[0], all[2]]) == .noCounselor)
        #expect(refused([all[0], all[1]]) == .noRegistration)
        #expect(refused(all, []) == .memberUnknown)
        let left = [Example.staff(501, .physician, active: false)] + Example.team.dropFirst()
        #expect(refused(all, left) == .memberUnknown)
        #expect(refused(all, left, existing: Example.decision) == nil)
        #expect(refused([all[0]], existing: Example.decision) == .idTaken)
        let posing = [TeamMember(staff: id(503), role: .physician), all[1], all[2]]
        #expect(refused(Array(posing.prefix(2))) == .memberRoleDiffers)
        var participant = Example.participant()
        participant.diedOn = day("2026-02-09")
        #expect(refused(all, of: participant) == .deceased)
        participant.mergedInto = id(2)
        #expect(refused(all, of: participant) == .merged)
    }

    @Test("the latest decision up to a day stands")
    func standing() {
        let later = Decision(
            id: id(401), participant: id(1), members: [], recommends: .medical, place: "RSUD",
            decidedOn: day("2026-02-20"))
        let both = [later, Example.decision]
        #expect(DecisionRules.standing(both, on: day("2026-02-09")) == nil)
        #expect(DecisionRules.standing(both, on: day("2026-02-19")) == Example.decision)
        #expect(DecisionRules.standing(both, on: day("2026-02-20")) == later)
    }

    @Test("a decree is signed by the head, or by somebody with a delegation for the day")
    func decree() {
        typealias Reason = IssueDecree.Refusal
        func refused(
            _ signer: Staff?, delegation: Delegation? = nil, decisions: [Decision]? = nil,
            decrees: [Decree] = [], kind: RehabilitationKind = .social
        ) -> Reason? {
            let decree = Decree(
                id: id(600), number: "SK-1/2026", signedOn: day("2026-02-20"), program: id(200),
                cohort: "2026-1", participants: [id(1)], signedBy: id(504),
                delegation: delegation)
            var program = Example.program()
            program.kind = kind
            return refusal(Reason.self) {
                try DecreeRules.issue(
                    IssueDecree(decree: decree),
                    facts: DecreeFacts(
                        program: program, facilityCode: Example.rutan, signer: signer,
                        decisions: decisions ?? [Example.decision], decrees: decrees),
                    today: Example.today)
            }
        }
        let head = Example.staff(504, .facilityHead)
        let deputy = Example.staff(504, .programManager)
        #expect(refused(head) == nil)
        #expect(refused(nil) == .signerNotHead)
        #expect(refused(deputy) == .signerNotHead)
        #expect(refused(Example.staff(504, .facilityHead, active: false)) == .signerNotHead)
        func acting(_ from: String, _ until: String) -> Delegation {
            Delegation(letter: "Plh-1", from: day(from), until: day(until))
        }
        #expect(refused(deputy, delegation: acting("2026-02-20", "2026-02-20")) == nil)
        #expect(refused(deputy, delegation: acting("2026-02-21", "2026-02-28")) == .signerNotHead)
        #expect(refused(deputy, delegation: acting("2026-02-01", "2026-02-19")) == .signerNotHead)
        #expect(refused(head, decisions: []) == .noDecision)
        #expect(refused(head, kind: .medical) == .kindNotRecommended)
        #expect(refused(head, decrees: [Example.decree]) == nil)
        let other = Decree(
            id: id(601), number: "SK-1/2026", signedOn: day("2026-02-20"), program: id(200),
            cohort: "2026-2", participants: [id(1)], signedBy: id(504))
        #expect(refused(head, decrees: [other]) == .numberTaken)
        let changed = Decree(
            id: id(600), number: "SK-2/2026", signedOn: day("2026-02-20"), program: id(200),
            cohort: "2026-2", participants: [id(1)], signedBy: id(504))
        #expect(refused(head, decrees: [changed]) == .idTaken)
    }

    @Test("a placement closes the one before")
    func placement() throws {
        typealias Reason = PlaceParticipant.Refusal
        func place(
            _ block: String, _ from: String = "2026-02-01",
            _ participant: Participant = Example.participant()
        ) throws -> Participant {
            try PlacementRules.place(
                PlaceParticipant(participant: id(1), block: block, from: day(from)),
                participant: participant, today: Example.today)
        }
        let moved = try place("S")
        #expect(moved.placements.map(\.until) == [day("2026-02-01"), nil])
        #expect(PlacementRules.current(moved)?.block == "S")
        #expect(refusal(Reason.self) { try place("R") } == .alreadyThere)
        #expect(wrongField { try place("S", "2025-09-01") } == "from")
        var participant = Example.participant()
        participant.legal.register[1].until = day("2026-01-01")
        #expect(refusal(Reason.self) { try place("S", "2026-02-01", participant) } == .notInCustody)
        participant.mergedInto = id(2)
        #expect(refusal(Reason.self) { try place("S", "2026-02-01", participant) } == .merged)
    }

    @Test("an item of the legal minimum is recorded by those whose matter it is")
    func items() throws {
        typealias Reason = RecordItem.Refusal
        func item(_ aspect: RecordedAspect, _ text: String = "as told") -> RecordedItem {
            RecordedItem(
                id: id(800), participant: id(1), aspect: aspect, text: text,
                recordedOn: Example.today, source: "interview")
        }
        func refused(
            _ aspect: RecordedAspect, _ role: Role, existing: RecordedItem? = nil,
            _ participant: Participant = Example.participant()
        ) -> Reason? {
            refusal(Reason.self) {
                try ItemRules.record(
                    RecordItem(item: item(aspect)), by: role, participant: participant,
                    existing: existing, today: Example.today)
            }
        }
        #expect(refused(.diagnosis, .physician) == nil)
        #expect(refused(.diagnosis, .counselor) == .diagnosisNeedsPhysician)
        #expect(refused(.substance, .counselor) == nil)
        #expect(refused(.substance, .registrar) == .aspectNeedsClinician)
        #expect(refused(.identity, .registrar) == nil)
        #expect(refused(.identity, .registrar, existing: item(.identity)) == nil)
        #expect(refused(.identity, .registrar, existing: item(.identity, "other")) == .idTaken)
        var merged = Example.participant()
        merged.mergedInto = id(2)
        #expect(refused(.identity, .registrar, merged) == .merged)
        #expect(ItemRules.missing([]).count == 7)
        #expect(
            ItemRules.missing([item(.handled), item(.diagnosis)])
                == [.identity, .substance, .lengthOfUse, .wayOfUse, .history])
    }
}
