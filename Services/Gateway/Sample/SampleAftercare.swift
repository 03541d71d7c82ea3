import EvaluationAPI
import Shared

// What became of those who were released.

extension SampleBook {
    /// The contacts after a release, and what they brought to light.
    mutating func accompany(_ course: SampleCourse) {
        guard let released = course.releasedOn else { return }
        turn(to: .evaluation, course.lane)
        var random = random("aftercare/\(course.lane)")
        // One was reached too late, and another at first not at all.
        var day = released.adding(days: course.number == 3 ? 27 : random.number(5...16))
        let last = course.rearrestedOn(after: released) ?? through
        var count = 0
        while day < last {
            defer { day = day.adding(days: random.number(12...24)) }
            count += 1
            if course.number == 2, count == 3 {
                relapse(course, contact: count, on: day)
                continue
            }
            let reached = !(course.number == 4 && count == 1) && random.chance(0.9)
            let screened = reached && random.chance(0.4)
            contact(
                course, count, on: day, reached ? random.pick(.visit, .office) : .phone,
                reached: reached, lastNegativeOn: reached ? day : nil,
                urine: screened ? .negative : nil, source: .selfReport)
        }
        if let day = course.rearrestedOn(after: released) { arrestAgain(course, on: day) }
    }

    private mutating func contact(
        _ course: SampleCourse, _ count: Int, on day: Day, _ mode: ContactMode, reached: Bool,
        lastNegativeOn: Day?, firstPositiveOn: Day? = nil, urine: ContactUrine?,
        source: ContactSource
    ) {
        let name = "contact-\(count)"
        add(
            name, by: SampleStaff.aftercare,
            RecordContact(
                id: id("\(course.lane)/\(name)", on: day), participant: course.participant,
                day: day, mode: mode, reached: reached, lastNegativeOn: lastNegativeOn,
                firstPositiveOn: firstPositiveOn, urine: urine,
                source: reached ? source : .observed))
    }

    /// A positive screen and what the person says of it: between two days they used again.
    private mutating func relapse(_ course: SampleCourse, contact count: Int, on day: Day) {
        let first = day.adding(days: -3)
        contact(
            course, count, on: day, .visit, reached: true,
            lastNegativeOn: first.adding(days: -6), firstPositiveOn: first, urine: .positive,
            source: .selfReport)
        add(
            "relapse", by: SampleStaff.aftercare,
            RecordOutcome(
                event: OutcomeEvent(
                    id: id("\(course.lane)/relapse", on: day), participant: course.participant,
                    kind: .relapse, lastNegativeOn: first.adding(days: -6),
                    firstPositiveOn: first, source: .contact, reportedOn: day, knownUntil: day)))
    }

    private mutating func arrestAgain(_ course: SampleCourse, on day: Day) {
        let reported = day.adding(days: 4)
        add(
            "re-arrest", by: SampleStaff.registrar,
            RecordOutcome(
                event: OutcomeEvent(
                    id: id("\(course.lane)/re-arrest", on: day), participant: course.participant,
                    kind: .reArrest, day: day, source: .register, reportedOn: reported,
                    knownUntil: reported)))
    }

    /// Up to yesterday the register was searched for everybody released.
    mutating func searchRegister(_ courses: [SampleCourse]) {
        turn(to: .evaluation, "register")
        add(
            "search", by: SampleStaff.registrar,
            RecordFollowUp(
                participants: courses.filter { $0.releasedOn != nil }.map(\.participant),
                registerUntil: through.adding(days: -1)))
    }
}

extension SampleCourse {
    /// The day on which one of them was arrested again.
    fileprivate func rearrestedOn(after released: Day) -> Day? {
        number == 6 ? released.adding(days: 97) : nil
    }
}
