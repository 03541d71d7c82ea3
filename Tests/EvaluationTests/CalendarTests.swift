import EvaluationAPI
import EvaluationRules
import Testing
import Vocabulary

@Suite("The evaluation calendar")
struct CalendarTests {
    private func due(
        _ stays: [EnrollmentFact], _ evaluations: [PeriodicEvaluation] = [], on today: Day,
        within days: Int = 0
    ) -> [DueEvaluation] {
        Calendar.due(
            enrollments: stays, points: points, evaluations: evaluations, on: today,
            withinDays: days)
    }

    private let admitted = day(-100)
    private var third: Day { admitted.adding(months: 3) }

    @Test("names nothing before its day, unless asked to look ahead")
    func upcoming() throws {
        let stays = [stay(1, admitted: admitted)]
        #expect(due(stays, on: third.adding(days: -1)).isEmpty)
        let line = try #require(due(stays, on: third.adding(days: -1), within: 1).first)
        #expect(line.state == .upcoming)
        #expect(line.daysPastDue == -1)
    }

    @Test(
        "is due through the days of grace and overdue after",
        arguments: [(0, DueEvaluation.State.due), (7, .due), (8, .overdue)])
    func overdue(_ days: Int, _ state: DueEvaluation.State) throws {
        let lines = due([stay(1, admitted: admitted)], on: third.adding(days: days))
        #expect(lines.map(\.state.known) == [state])
        #expect(lines.map(\.daysPastDue) == [days])
    }

    @Test("is satisfied by a joint evaluation and not by a draft")
    func satisfied() {
        var evaluation = draft()
        let stays = [stay(1, admitted: admitted)]
        #expect(due(stays, [evaluation], on: third).map(\.draft) == [evaluation.id])
        evaluation.status = .joint
        #expect(due(stays, [evaluation], on: third).isEmpty)
    }

    @Test("does not hold a time on hold against anybody")
    func onHold() {
        let away = HoldFact(from: third.adding(days: -5), until: third.adding(days: 9))
        let stays = [stay(1, admitted: admitted, holds: [away])]
        #expect(due(stays, on: third.adding(days: 8)).map(\.state.known) == [.onHold])
        #expect(due(stays, on: third.adding(days: 9)).map(\.state.known) == [.overdue])
    }

    @Test("lists points before an exit as missed, wants an exit evaluation after a completion")
    func exits() {
        let released = ExitFact(
            day: third.adding(days: 3), status: "BEBAS", group: .administrative)
        let left = due([stay(1, admitted: admitted, exit: released)], on: third.adding(days: 400))
        #expect(left.map(\.state.known) == [.missed])
        let completed = ExitFact(
            day: third.adding(days: -3), status: "SELESAI", group: .successful)
        let done = due([stay(1, admitted: admitted, exit: completed)], on: third)
        #expect(done.map(\.kind) == [.exit])
    }

    @Test("puts the longest overdue first, whatever the order of the records")
    func order() {
        let stays = (1...5).map { stay($0, admitted: day(-100 - $0)) }
        let lines = due(stays, on: today, within: 200)
        #expect(lines == due(stays.reversed(), on: today, within: 200))
        #expect(lines.first?.enrollment == id(5))
    }

    @Test(
        "counts a hand-over by release + 21 days",
        arguments: [
            (21, Int?.some(21), Handover.State.met), (22, 22, .late), (21, nil, .pending),
            (22, nil, .overdue),
        ])
    func handover(_ now: Int, _ reached: Int?, _ state: Handover.State) {
        let contacts = reached.map { [contact(on: day($0))] } ?? []
        let missed = contact(on: day(1), reached: false)
        let handover = Calendar.handover(
            releasedOn: today, contacts: contacts + [missed], on: day(now))
        #expect(handover.dueBy == day(21))
        #expect(handover.state == state)
        #expect(handover.daysLeft == 21 - now)
    }

    @Test("shows the caseload with what is overdue first, and nobody without anything open")
    func caseload() {
        let stays = [
            stay(1, admitted: day(-20)), stay(2, admitted: day(-100)),
            stay(3, admitted: day(-92)),
        ]
        let lines = Caseload.lines(
            enrollments: stays, due: due(stays, on: today), evaluations: [], releases: [],
            contacts: [], on: today)
        #expect(lines.map(\.enrollment) == [id(2), id(3)])
        #expect(lines.map(\.overdue) == [1, 0])
        #expect(lines.map(\.due) == [0, 1])
    }
}

func contact(on day: Day, reached: Bool = true, of participant: Int = 1) -> Contact {
    Contact(
        id: id(day.number), participant: id(participant), day: day, by: StaffMember(ofBoard),
        mode: .visit, reached: reached, source: .observed)
}
