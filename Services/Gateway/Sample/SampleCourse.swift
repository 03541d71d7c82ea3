import ClinicalAPI
import RegistryAPI
import Shared

/// How the program ended for somebody in the sample, or that it has not.
enum SampleFate: Hashable, Sendable {
    case active
    /// In hospital since some days.
    case onHold
    case completed
    /// BEBAS: before the program's end.
    case released
    case withdrew
    case transferred
}

/// One invented participant, and what becomes of them.
struct SampleCourse: Sendable {
    /// 1 to 24.
    let number: Int
    let fate: SampleFate
    let identity: ParticipantIdentity
    let participant: ParticipantID
    let enrollment: EnrollmentID
    let intake: SampleIntakeGroup
    let openedOn: Day
    /// Of the enrollment.
    let endedOn: Day?
    let hold: Hold?
    let releasedOn: Day?
    let sentenceMonths: Int
    /// The first day in custody.
    let arrestedOn: Day
    /// Shortens the sentence; recorded after admission.
    let remissionDays: Int?
    let substance: SubstanceUse.Substance
    /// How likely they come to a session, 0 to 1.
    let diligence: Double
    /// How much the quality of life gains in six months, in points of an item.
    let gain: Double

    var lane: String { "participant-" + (number < 10 ? "0" : "") + "\(number)" }

    /// Treats them, and so signs no evaluation of theirs.
    var counselor: SampleColleague {
        SampleStaff.counselors[number % SampleStaff.counselors.count]
    }

    /// Whether they take part in sessions on a day.
    func attends(on day: Day) -> Bool {
        guard day >= openedOn, endedOn.map({ day < $0 }) ?? true else { return false }
        return hold.map { day < $0.from || ($0.until.map { day >= $0 } ?? false) } ?? true
    }
}

/// People admitted together by one decree (an angkatan).
struct SampleIntakeGroup: Hashable, Sendable {
    let code: String
    /// The first admission.
    let begins: Day

    var lane: String { "cohort-\(code)" }
}

extension SampleBook {
    /// The intakes: one whose six months are over, and one that is past its third month.
    var intakes: [SampleIntakeGroup] {
        [(275, "1"), (120, "2")].map { days, number in
            let begins = through.adding(days: -days)
            return SampleIntakeGroup(code: "\(begins.parts.year)-\(number)", begins: begins)
        }
    }

    /// The 24 participants.
    func courses() -> [SampleCourse] {
        var random = random("names")
        let people = SampleNames.people(24, using: &random)
        return zip(1..., people).map { number, person in course(number, person) }
    }

    private func course(_ number: Int, _ person: SampleNames.Person) -> SampleCourse {
        let lane = "participant-\(number)"
        var random = random("course/\(lane)")
        let intake = number <= 9 ? intakes[0] : intakes[1]
        let openedOn = intake.begins.adding(days: number <= 9 ? number % 3 : (number - 10) / 2)
        let fate = Self.fate(of: number)
        let endedOn = Self.end(of: number, fate, openedOn: openedOn)
        let releasedOn = Self.release(of: number, fate, endedOn: endedOn)
        let term = Self.term(fate, openedOn: openedOn, releasedOn: releasedOn, using: &random)
        return SampleCourse(
            number: number, fate: fate,
            identity: SampleNames.identity(
                person, number: number, admittedOn: openedOn, using: &random),
            participant: id("\(lane)/participant", on: intake.begins.adding(days: -30)),
            enrollment: id("\(lane)/enrollment", on: openedOn), intake: intake,
            openedOn: openedOn, endedOn: endedOn, hold: hold(of: number, openedOn),
            releasedOn: releasedOn, sentenceMonths: term.months, arrestedOn: term.arrestedOn,
            remissionDays: term.remissionDays,
            substance: random.chance(0.75) ? .methamphetamine : random.pick(.cannabis, .opioids),
            diligence: Double.random(in: 0.76...0.97, using: &random),
            gain: Double.random(in: 0.1...1.1, using: &random))
    }

    private static func fate(of number: Int) -> SampleFate {
        switch number {
        case 1...5: .completed
        case 6, 7: .released
        case 8: .withdrew
        case 9: .transferred
        case 24: .onHold
        default: .active
        }
    }

    private static func end(of number: Int, _ fate: SampleFate, openedOn: Day) -> Day? {
        switch fate {
        case .active, .onHold: nil
        case .completed: openedOn.adding(days: SampleProgram.lengthDays + 1 + number % 3)
        case .released: openedOn.adding(days: number == 6 ? 150 : 134)
        case .withdrew: openedOn.adding(days: 75)
        case .transferred: openedOn.adding(days: 128)
        }
    }

    /// All but the fifth who completed have left custody since.
    private static func release(of number: Int, _ fate: SampleFate, endedOn: Day?) -> Day? {
        switch fate {
        case .released: endedOn
        case .completed where number < 5: endedOn?.adding(days: 6 + number * 5)
        default: nil
        }
    }

    private func hold(of number: Int, _ openedOn: Day) -> Hold? {
        switch number {
        case 3:
            let from = openedOn.adding(days: 70)
            return Hold(
                from: from, until: from.adding(days: 9), reason: .court,
                note: "Sidang sebagai saksi")
        case 24:
            return Hold(
                from: through.adding(days: -12), reason: .hospital, note: "Rawat inap RSUD")
        default: return nil
        }
    }

    private struct Term {
        let months: Int
        let arrestedOn: Day
        let remissionDays: Int?
    }

    /// A sentence that leaves time for the program, and ends as it must.
    ///
    /// Two thirds served on the day of a release on parole; where somebody is released before the
    /// program's end, a remission granted after admission makes it so.
    private static func term(
        _ fate: SampleFate, openedOn: Day, releasedOn: Day?, using random: inout SplitMix64
    ) -> Term {
        if fate == .released, let releasedOn {
            let expiry = openedOn.adding(days: SampleProgram.lengthDays + 10)
            return Term(
                months: 12, arrestedOn: expiry.adding(months: -12),
                remissionDays: expiry.days(since: releasedOn))
        }
        let months = random.pick(18, 20, 24, 30)
        let arrestedOn =
            releasedOn?.adding(days: -months * 365 / 18)
            ?? openedOn.adding(days: -random.number(130...170))
        return Term(months: months, arrestedOn: arrestedOn, remissionDays: nil)
    }
}
