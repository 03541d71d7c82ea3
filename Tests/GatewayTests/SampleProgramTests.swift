import ClinicalAPI
import EvaluationAPI
import Foundation
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("The sample program")
struct SampleProgramTests {
    private static let through = Day(number: 20_780)
    private static let steps = SampleProgram.steps(seed: 2026, through: through)

    private func requests<Request>(_ type: Request.Type) -> [Request] {
        Self.steps.compactMap { $0.request as? Request }
    }

    // MARK: - The same again

    @Test("is the same to the byte for the same seed and day, and another for another")
    func repeatable() throws {
        func lines(_ seed: UInt64, _ day: Day) throws -> [String] {
            try SampleProgram.steps(seed: seed, through: day).map { try $0.line() }
        }
        let first = try lines(2026, Self.through)
        #expect(try lines(2026, Self.through) == first)
        #expect(try lines(2027, Self.through) != first)
        #expect(try lines(2026, Self.through.adding(days: 1)) != first)
    }

    @Test("draws from a generator that gives the published numbers")
    func generator() {
        // The first outputs of the reference implementation for the seed 1234567.
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }

    @Test("names every step and every key once")
    func unique() {
        #expect(Set(Self.steps.map(\.name)).count == Self.steps.count)
        #expect(Set(Self.steps.map(\.key)).count == Self.steps.count)
    }

    @Test("asks only what the one who asks may ask")
    func access() {
        for step in Self.steps {
            let identity = Identity.person(
                PersonIdentity(
                    domain: "pulih.test", affiliation: step.by.affiliation, role: step.by.role,
                    code: step.by.code))
            #expect(type(of: step.request).access.allows(identity), "\(step.name)")
            #expect(step.service != nil)
        }
    }

    // MARK: - What it holds

    @Test("has 24 participants, and every way to end that it promises")
    func counts() {
        #expect(requests(RegisterParticipant.self).count == 24)
        #expect(requests(OpenEnrollment.self).count == 24)
        let exits = requests(ExitEnrollment.self).map(\.exit.exitClass)
        #expect(exits.count { $0 == .completed } == 5)
        #expect(exits.count { $0 == .withdrew } == 1)
        #expect(requests(TransferEnrollment.self).count == 1)
        // Two before the end, four after completion.
        #expect(requests(ReleaseParticipant.self).count == 6)
        let resumed = Set(requests(ResumeEnrollment.self).map(\.enrollment))
        let away = requests(HoldEnrollment.self).filter { !resumed.contains($0.enrollment) }
        #expect(away.count == 1)
        #expect(
            requests(RecordOutcome.self).map(\.event.kind).sorted { $0.rawValue < $1.rawValue }
                == [.reArrest, .relapse])
    }

    @Test("has every kind of clinical record, of every occasion")
    func records() {
        let asked = requests(AdministerInstrument.self)
        #expect(Set(asked.map(\.instrument)) == Set(InstrumentCode.allCases))
        for occasion in [Administration.Occasion.baseline, .month3, .month6] {
            #expect(asked.contains { $0.instrument == .whoqolBref && $0.occasion == occasion })
        }
        let alarming = asked.filter { $0.instrument == .phq9 && ($0.answers["9"] ?? 0) > 0 }
        #expect(alarming.count == 1)
        let lab = requests(ConfirmUrineTest.self)
        #expect(lab.contains(where: \.confirmed) && !lab.allSatisfy(\.confirmed))
        #expect(!requests(MissSession.self).isEmpty && !requests(CancelSession.self).isEmpty)
        let evaluations = requests(OpenEvaluation.self)
        let signed = Dictionary(grouping: requests(SignEvaluation.self), by: \.evaluation)
        #expect(evaluations.count { signed[$0.id] == nil } == 1)
        #expect(evaluations.count { signed[$0.id]?.count == 1 } == 1)
    }

    @Test("sees about 85 of 100 come")
    func attendance() {
        let sheets =
            requests(RecordSession.self).map(\.attendance)
            + requests(HoldSession.self).map(\.attendance)
        let marks = sheets.flatMap { $0 }.map(\.mark)
        let share = Double(marks.count { $0 == .present }) / Double(marks.count)
        #expect((0.8...0.92).contains(share))
    }

    // MARK: - Nobody real

    @Test("gives nobody a number or a name of somebody else")
    func people() throws {
        let people = requests(RegisterParticipant.self).map(\.identity)
        let numbers = people.compactMap(\.nik)
        #expect(Set(numbers).count == 23)
        for person in people {
            // No province has the number 99.
            #expect(person.nik?.digits.hasPrefix("9999") ?? (person.nikUnknownReason != nil))
            #expect(
                person.nik?.disagreements(sex: person.sex, birthDate: person.birthDate).isEmpty
                    ?? true)
        }
        let words = (people.map(\.name) + SampleStaff.all.map(\.name))
            .flatMap { $0.split(separator: " ") }
        #expect(Set(words).count == words.count)
    }

    @Test("is told in answers that the forms allow", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func answers(seed: UInt64) throws {
        for step in SampleProgram.steps(seed: seed, through: Self.through) {
            guard let call = step.request as? AdministerInstrument else { continue }
            let instrument = call.instrument.instrument
            #expect(throws: Never.self) { try instrument.checked(call.answers) }
            let scores = instrument.score(call.answers).scores
            #expect(scores.allSatisfy { $0.status != .invalid }, "\(step.name)")
        }
    }

    // MARK: - Days

    /// What may lie ahead: the ends of terms, and what is planned.
    private static let ahead: Set = ["validUntil", "expiresOn", "targetDay", "date"]

    @Test(
        "tells of no day that has not come", arguments: ["2026-11-24", "2028-02-29", "2027-01-01"])
    func past(text: String) throws {
        let through = try #require(Day(text: text))
        for step in SampleProgram.steps(seed: 7, through: through) {
            let isPlan = step.request is ScheduleSession
            let json = try JSONSerialization.jsonObject(with: Data(try step.line().utf8))
            for (field, day) in Self.days(in: json, "") where !Self.ahead.contains(field) {
                if isPlan, field == "scheduledAt" { continue }
                #expect(day <= through, "\(step.name): \(field)")
            }
        }
    }

    private static func days(in value: Any, _ field: String) -> [(String, Day)] {
        switch value {
        case let map as [String: Any]: map.flatMap { days(in: $0.value, $0.key) }
        case let list as [Any]: list.flatMap { days(in: $0, field) }
        case let text as String:
            (Day(text: text) ?? Timestamp(text: text)?.day(in: .wib)).map { [(field, $0)] } ?? []
        default: []
        }
    }
}
