import EvaluationAPI
import EvaluationRules
import Testing
import Vocabulary

@Suite("Finding the stay that a record belongs to")
struct StaysTests {
    private func lookup(
        _ stays: [EnrollmentFact], merged: [ParticipantFact] = []
    ) -> StayLookup {
        StayLookup(stays, merged: MergedRecords(merged))
    }

    private func exit(_ day: Day) -> ExitFact {
        ExitFact(day: day, status: "SELESAI", group: .successful)
    }

    @Test("takes the days of admission and exit as part of it, and no other")
    func bounds() {
        let stays = lookup([stay(1, admitted: day(-100), exit: exit(day(-50)))])
        #expect(stays.stay(of: id(1), on: day(-101)) == nil)
        #expect(stays.stay(of: id(1), on: day(-100)) == id(1))
        #expect(stays.stay(of: id(1), on: day(-50)) == id(1))
        #expect(stays.stay(of: id(1), on: day(-49)) == nil)
        #expect(stays.stay(of: id(2), on: day(-70)) == nil)
    }

    @Test("takes the later of two stays on the day that they share")
    func sharedDay() {
        let earlier = stay(1, admitted: day(-100), exit: exit(day(-50)), participant: 1)
        let later = stay(2, admitted: day(-50), participant: 1)
        #expect(lookup([earlier, later]).stay(of: id(1), on: day(-50)) == id(2))
        #expect(lookup([later, earlier]).stay(of: id(1), on: day(-50)) == id(2))
    }

    @Test("counts what was taken for the start towards the stay that began soon after")
    func start() {
        let first = stay(1, admitted: day(-300), exit: exit(day(-200)), participant: 1)
        let stays = lookup([first, stay(2, admitted: day(-100), participant: 1)])
        #expect(stays.stay(of: id(1), on: day(-190), isForStart: true) == id(2))
        #expect(stays.stay(of: id(1), on: day(-191), isForStart: true) == nil)
        #expect(stays.stay(of: id(1), on: day(-190)) == nil)
        // Within a stay it belongs to that one, and before the first not to the second.
        #expect(stays.stay(of: id(1), on: day(-250), isForStart: true) == id(1))
        #expect(stays.stay(of: id(1), on: day(-310), isForStart: true) == id(1))
    }

    @Test("follows merged records, and prefers a stay under the record itself")
    func merged() {
        let merged = [
            ParticipantFact(id: id(3), mergedInto: id(2)),
            ParticipantFact(id: id(2), mergedInto: id(1)),
        ]
        let one = lookup([stay(1, admitted: day(-100))], merged: merged)
        #expect(one.stay(of: id(3), on: day(-1)) == id(1))
        let two = lookup(
            [stay(1, admitted: day(-100)), stay(3, admitted: day(-200))], merged: merged)
        #expect(two.stay(of: id(3), on: day(-1)) == id(3))
        #expect(two.stay(of: id(1), on: day(-1)) == id(1))
        #expect(MergedRecords(merged).records(of: id(2)) == [id(1), id(2), id(3)])
        #expect(MergedRecords(merged).records(of: id(4)) == [id(4)])
    }

    @Test("counts whoever was there under one of two names as there")
    func twoNames() {
        let stays = lookup(
            [stay(1, admitted: day(-100))],
            merged: [ParticipantFact(id: id(2), mergedInto: id(1))])
        let lines: [(participant: ParticipantID, mark: AttendanceFact.Mark)] = [
            (id(1), .missed), (id(2), .attended), (id(9), .attended),
        ]
        let facts = stays.attendance(on: day(-1), type: "social", lines)
        #expect(
            facts == [
                AttendanceFact(enrollment: id(1), day: day(-1), type: "social", mark: .attended)
            ])
    }
}

@Suite("Who treats a participant")
struct TreatmentTests {
    private let colleague = StaffMember(treating)

    private func treats(_ kind: EncounterFact.Kind, on offset: Int) -> Bool {
        let exited = stay(
            1, admitted: day(-100),
            exit: ExitFact(day: day(-50), status: "BEBAS", group: .administrative))
        return Treatment.treating(
            during: exited, [EncounterFact(day: day(offset), with: colleague, kind: kind)]
        ).contains(colleague)
    }

    @Test("is whoever leads a session or follows them with questionnaires, not who assesses")
    func kinds() {
        let treatment = EncounterFact.Kind.allCases.filter { treats($0, on: -70) }
        #expect(treatment == [.session, .monitoring])
    }

    @Test("is only who did so within the stay")
    func days() {
        #expect(!treats(.session, on: -101))
        #expect(treats(.session, on: -100))
        #expect(treats(.session, on: -50))
        #expect(!treats(.session, on: -49))
    }
}
