import ClinicalAPI
import ClinicalRules
import Foundation
import Testing
import Vocabulary

@Suite("Attendance")
struct AttendanceTests {
    /// One group session a day, each with the same mark for Ani.
    private func held(_ days: Range<Int>, _ mark: Attendance.Mark) throws -> [Session] {
        try days.map { day in
            var session = try Scene.session(
                UInt64(day + 1), Scene.plan(of: [Scene.ani], at: Scene.at(day)))
            session.status = .held
            session.attendance = [Attendance(participant: Scene.ani, mark: mark)]
            return session
        }
    }

    @Test("counts only refused and unexcused absences against a person")
    func reasons() throws {
        let against = AbsenceReason.allCases.filter(\.countsAgainst)
        #expect(against == [.refused, .unexcused])

        var sessions = try held(0..<4, .present)
        for (index, reason) in AbsenceReason.allCases.enumerated() {
            sessions += try held(10 + index..<11 + index, .absent(reason))
        }
        let rate = AttendanceRules.rate(
            over: sessions, of: Scene.enrolled(Scene.ani), zone: .wib)
        #expect(rate == AttendanceRate(attended: 4, excused: 4, countedAgainst: 2))
        #expect(rate.due == 6)
        #expect(rate.rate == 4.0 / 6.0)
    }

    @Test("leaves the 14 days on hold outside: moved on day 70, back on day 84")
    func hold() throws {
        let fact = Scene.enrolled(Scene.ani, holds: [Scene.hold(70, 84)])
        #expect(fact.daysOnHold(through: Scene.day(100)) == 14)
        #expect(fact.standing(on: Scene.day(69)) == .active)
        #expect(fact.standing(on: Scene.day(70)) == .onHold)
        #expect(fact.standing(on: Scene.day(83)) == .onHold)
        #expect(fact.standing(on: Scene.day(84)) == .active)

        let sessions =
            try held(60..<70, .present) + held(70..<84, .absent(.unexcused))
            + held(84..<90, .present)
        let rate = AttendanceRules.rate(over: sessions, of: fact, zone: .wib)
        #expect(rate == AttendanceRate(attended: 16, excused: 0, countedAgainst: 0))
    }

    @Test("counts a day on hold once, and none before the opening or after the end")
    func daysOnHold() {
        let fact = Scene.enrolled(
            Scene.ani, from: 10, until: 50,
            holds: [Scene.hold(40, nil), Scene.hold(5, 12), Scene.hold(11, 14), Scene.hold(11, 13)])
        #expect(fact.daysOnHold(through: Scene.day(12)) == 3)
        #expect(fact.daysOnHold(through: Scene.day(30)) == 4)
        #expect(fact.daysOnHold(through: Scene.day(100)) == 4 + 11)
    }

    @Test("leaves out what was cancelled, missed, or only planned, and other people's lines")
    func notHeld() throws {
        var sessions = try held(0..<4, .present)
        sessions[0].status = .cancelled
        sessions[1].status = .missed
        sessions[2].status = .scheduled
        sessions[3].attendance = Scene.present(Scene.budi)
        let rate = AttendanceRules.rate(
            over: sessions, of: Scene.enrolled(Scene.ani), zone: .wib)
        #expect(rate.due == 0)
        #expect(rate.rate == nil)
    }

    @Test("leaves out what was before the opening and after the end")
    func outside() throws {
        let sessions = try held(0..<10, .present)
        let rate = AttendanceRules.rate(
            over: sessions, of: Scene.enrolled(Scene.ani, from: 2, until: 5), zone: .wib)
        #expect(rate.attended == 4)
    }

    @Test("is counted by domain where asked")
    func domain() throws {
        let sessions = try held(0..<3, .present)
        let fact = Scene.enrolled(Scene.ani)
        #expect(
            AttendanceRules.rate(over: sessions, of: fact, domain: .social, zone: .wib).due == 3)
        #expect(
            AttendanceRules.rate(over: sessions, of: fact, domain: .medical, zone: .wib).due == 0)
    }

    @Test("goes by the day in the facility's zone")
    func zone() throws {
        // 23:30 UTC of the day before is half past six in the morning at Kraksaan.
        let session = try Scene.session(1, Scene.plan(at: Scene.at(70, hour: 6)))
        #expect(session.day(in: .wib) == Scene.day(70))
    }

    @Test("is written as one word, and no other word is read")
    func coding() throws {
        let marks: [Attendance.Mark] = [.present] + AbsenceReason.allCases.map { .absent($0) }
        let data = try JSONEncoder().encode(marks)
        #expect(
            String(decoding: data, as: UTF8.self)
                == #"["present","court","police-loan","isolation","illness","refused","unexcused"]"#
        )
        #expect(try JSONDecoder().decode([Attendance.Mark].self, from: data) == marks)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Attendance.Mark].self, from: Data(#"["absent"]"#.utf8))
        }
    }
}
