import ClinicalAPI
import Shared

// Sessions for many: each intake's weekly group, and the board's seminars.

extension SampleBook {
    /// Every Monday an intake meets its counselor.
    mutating func meet(_ intake: SampleIntakeGroup, _ courses: [SampleCourse]) {
        turn(to: .care, intake.lane)
        let isFirst = intake == intakes.first
        let facilitator = isFirst ? SampleStaff.counselors[0] : SampleStaff.counselors[1]
        hold(
            .group, "group", of: courses, from: intake.begins.adding(days: 10), every: 7,
            at: isFirst ? 9 : 11, by: facilitator, place: "Aula rehabilitasi")
    }

    /// Every other Monday the board's counselor comes for a seminar.
    mutating func teach(_ courses: [SampleCourse]) {
        turn(to: .care, "seminars")
        hold(
            .seminar, "seminar", of: courses, from: intakes[0].begins.adding(days: 10), every: 14,
            at: 13, by: SampleStaff.boardCounselor, place: "Aula rehabilitasi")
    }

    private mutating func hold(
        _ kind: SessionKind, _ name: String, of courses: [SampleCourse], from first: Day,
        every days: Int, at hour: Int, by facilitator: SampleColleague, place: String
    ) {
        var random = random("\(name)/\(courses.first?.intake.code ?? "")")
        var day = first.next(weekday: 0)
        var count = 0
        while day < through.adding(days: 8) {
            defer { day = day.adding(days: days) }
            let expected = courses.filter { $0.attends(on: day) }
            guard !expected.isEmpty else { continue }
            count += 1
            let numbered = "\(name)-\(count)"
            let session: SessionID = id("\(lane)/\(numbered)", on: day)
            let plan = SessionPlan(
                kind: kind, participants: expected.map(\.participant),
                scheduledAt: .onDay(day, hour: hour), durationMinutes: 90,
                facilitator: facilitator.reference, place: place)
            if day < through, random.chance(0.07) {
                callOff(numbered, session, plan, by: SampleStaff.manager, using: &random)
                continue
            }
            let sheet = expected.map { course in
                Attendance(
                    participant: course.participant, mark: mark(of: course, using: &random))
            }
            // Some are planned and then held, others come in as a paper sheet.
            if day >= through || count % 3 == 0 {
                add(
                    "\(numbered)-schedule", by: SampleStaff.manager,
                    ScheduleSession(id: session, plan: plan))
                guard day < through else { continue }
                add(
                    "\(numbered)-hold", by: facilitator,
                    HoldSession(session: session, attendance: sheet))
            } else {
                add(
                    numbered, by: facilitator,
                    RecordSession(id: session, plan: plan, attendance: sheet))
            }
        }
    }
}
