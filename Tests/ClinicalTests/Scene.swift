import ClinicalAPI
import ClinicalRules
import Vocabulary

/// People, days and facts that the tests of this folder share; nothing in it changes.
enum Scene {
    /// Noon in Kraksaan.
    static let moment = Moment(now: at(100, hour: 12), zone: .wib)
    static let firstDay = Day(number: 20_454)

    static let counselor = signatory("konselor-1", .counselor)
    static let colleague = signatory("konselor-2", .counselor)
    static let physician = signatory("dokter-1", .physician)

    static let ani = id(1) as ParticipantID
    static let budi = id(2) as ParticipantID
    static let stranger = id(99) as ParticipantID

    /// Ani and Budi, enrolled since the first day.
    static let facts = RegistryFacts(enrollments: [enrolled(ani), enrolled(budi)])

    static func id<Noun>(_ number: UInt64) -> Identifier<Noun> {
        Identifier(at: Timestamp(microseconds: 1_000_000), high: 0, low: number)
    }

    static func signatory(_ code: String, _ role: Role) -> Signatory {
        Signatory(
            staff: StaffReference(
                affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"), code: code),
            role: role)
    }

    /// The day so many days after the first.
    static func day(_ number: Int) -> Day { firstDay.adding(days: number) }

    /// An hour of such a day in western Indonesia.
    static func at(_ number: Int, hour: Int = 9) -> Timestamp {
        Timestamp(microseconds: 0)
            .adding(seconds: Int64(day(number).number) * 86_400 + Int64(hour - 7) * 3600)
    }

    static func enrolled(
        _ participant: ParticipantID, status: EnrollmentFact.Status = .active, from: Int = 0,
        until: Int? = nil, holds: [EnrollmentFact.Hold] = []
    ) -> EnrollmentFact {
        EnrollmentFact(
            participant: participant, enrollment: Identifier(participant.uuid), status: status,
            openedOn: day(from), endedOn: until.map { day($0) }, holds: holds)
    }

    static func hold(_ from: Int, _ until: Int?) -> EnrollmentFact.Hold {
        EnrollmentFact.Hold(from: day(from), until: until.map { day($0) })
    }

    static func plan(
        _ kind: SessionKind = .group, of participants: [ParticipantID] = [ani, budi],
        at time: Timestamp = at(100), minutes: Int = 60, by facilitator: Signatory = counselor,
        place: String = "aula"
    ) -> SessionPlan {
        SessionPlan(
            kind: kind, participants: participants, scheduledAt: time, durationMinutes: minutes,
            facilitator: facilitator.staff, place: place)
    }

    static func session(_ number: UInt64, _ plan: SessionPlan = plan()) throws -> Session {
        let everybody = RegistryFacts(enrollments: plan.participants.map { enrolled($0) })
        return try SessionRules.schedule(
            ScheduleSession(id: id(number), plan: plan), existing: nil, others: [],
            facts: everybody, by: counselor, moment
        ).record
    }

    static func present(_ people: ParticipantID...) -> [Attendance] {
        people.map { Attendance(participant: $0, mark: .present) }
    }

    static func absent(_ person: ParticipantID, _ reason: AbsenceReason) -> Attendance {
        Attendance(participant: person, mark: .absent(reason))
    }
}
