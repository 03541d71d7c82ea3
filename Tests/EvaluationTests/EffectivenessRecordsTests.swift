import EvaluationAPI
import EvaluationRules
import Testing
import Vocabulary

@Suite("What the effectiveness report counts")
struct EffectivenessRecordsTests {
    private func report(
        _ facts: EffectivenessFacts, _ request: ReportEffectiveness = ReportEffectiveness()
    ) -> EffectivenessReport {
        Effectiveness.report(facts, request, on: today)
    }

    /// One person, released 100 days ago, with the register read until 10 days ago.
    private func released(read: Day? = day(-10)) -> EffectivenessFacts {
        var facts = EffectivenessFacts()
        facts.enrollments = [stay(1, admitted: day(-300))]
        facts.releases = [ReleaseFact(participant: id(1), day: day(-100))]
        facts.followUps = [FollowUp(participant: id(1), registerUntil: read)]
        return facts
    }

    private func event(
        _ kind: OutcomeKind, on eventDay: Day, source: OutcomeSource = .register,
        parole: Bool? = nil
    ) -> OutcomeEvent {
        OutcomeEvent(
            id: id(1), participant: id(1), kind: kind, day: eventDay, source: source,
            reportedOn: eventDay, knownUntil: eventDay, paroleRevoked: parole)
    }

    @Test("keeps the clock of the register apart from that of contacts")
    func clocks() {
        var facts = released()
        facts.contacts = [contact(on: day(-50))]
        let figures = report(facts).recidivism
        #expect(figures.followUp.map(\.clock) == [.register, .contact])
        #expect(figures.followUp.map(\.longestDays) == [90, 50])
        // Reported by the register's clock, the use on day 60 lies beyond the last contact.
        facts.outcomes = [event(.relapse, on: day(-40))]
        let use = report(facts, ReportEffectiveness(outcome: .anyUse)).recidivism
        #expect(use.clock == .contact)
        #expect(use.groups.map(\.events) == [0])
        facts.outcomes = [event(.relapse, on: day(-40), source: .contact)]
        let known = report(facts, ReportEffectiveness(outcome: .anyUse)).recidivism
        #expect(known.groups.map(\.events) == [1])
    }

    @Test("does not take a revoked parole for a new crime")
    func parole() throws {
        var facts = released()
        facts.outcomes = [event(.returnToCustody, on: day(-40), parole: true)]
        let revoked = try #require(report(facts).recidivism.groups.first)
        #expect(revoked.events == 0)
        #expect(Set(revoked.incidence.map(\.cause)) == ["parole-revoked"])
        facts.outcomes = [event(.returnToCustody, on: day(-40))]
        #expect(report(facts).recidivism.groups.first?.events == 1)
    }

    @Test("leaves out whom nobody followed, and says how many")
    func withoutFollowUp() {
        let result = report(released(read: nil))
        #expect(result.recidivism.groups.isEmpty)
        #expect(result.recidivism.withoutFollowUp == 1)
        #expect(result.warnings.contains(Open(.followUpMissing)))
    }

    @Test("ignores what happened before the release, unless time counts from admission")
    func index() {
        var facts = released()
        facts.outcomes = [event(.reArrest, on: day(-150))]
        #expect(report(facts).recidivism.groups.map(\.events) == [0])
        let since = report(facts, ReportEffectiveness(index: .admission)).recidivism
        #expect(since.groups.map(\.events) == [1])
    }

    @Test("counts a person with two merged records once")
    func merged() {
        var facts = released()
        facts.enrollments.append(stay(2, admitted: day(-250)))
        #expect(report(facts).participants == 2)
        facts.participants = [ParticipantFact(id: id(2), mergedInto: id(1))]
        #expect(report(facts).participants == 1)
        #expect(report(facts).enrollments == 2)
        // A ring of merges cannot be, and must not hang the report.
        facts.participants.append(ParticipantFact(id: id(1), mergedInto: id(2)))
        #expect(report(facts).participants <= 2)
    }

    @Test("holds only refusals and unexcused absences against a person")
    func attendance() {
        var facts = EffectivenessFacts()
        facts.enrollments = [
            stay(1, holds: [HoldFact(from: day(-30), until: day(-16))])
        ]
        let marks: [(Int, AttendanceFact.Mark)] = [
            (-5, .attended), (-5, .attended), (-5, .attended), (-5, .missed), (-5, .missed),
            (-5, .excused), (-5, .cancelled), (-30, .missed), (-16, .missed),
        ]
        facts.attendance = marks.map {
            AttendanceFact(enrollment: id(1), day: day($0.0), type: "group", mark: $0.1)
        }
        let figures = report(facts).attendance
        #expect(figures.attended.count == 3)
        #expect(figures.attended.of == 6)
        #expect(figures.missed == 3)
        #expect(figures.excused == 2)
        #expect(figures.cancelled == 1)
        #expect(figures.byType.map(\.type) == ["group"])
    }

    @Test("shows urine three ways")
    func urine() {
        var facts = EffectivenessFacts()
        facts.enrollments = [stay(1)]
        let results: [UrineFact.Result] = [
            .positive, .negative, .negative, .negative, .refused, .missed, .invalid,
        ]
        facts.urine = results.map {
            UrineFact(enrollment: id(1), day: day(-1), point: "start", result: $0)
        }
        let figures = report(facts).urine
        #expect([figures.ofValid.count, figures.ofValid.of] == [1, 4])
        #expect([figures.refused, figures.missed, figures.invalid] == [1, 1, 1])
        #expect([figures.worstCase.count, figures.worstCase.of] == [3, 6])
    }

    @Test("pairs scores by domain, and never adds domains up")
    func quality() throws {
        var facts = EffectivenessFacts()
        facts.enrollments = [stay(1), stay(2), stay(3)]
        func score(_ stay: Int, _ occasion: ScoreFact.Occasion, _ value: Double) -> ScoreFact {
            ScoreFact(
                enrollment: id(stay), scale: "whoqol-bref.social", occasion: occasion,
                day: day(-1), value: value)
        }
        facts.scores = [
            score(1, .start, 40), score(1, .month3, 64), score(2, .start, 50),
            score(2, .month3, 49), score(3, .start, 60), score(1, .exit, 30),
        ]
        let result = report(facts)
        let social = result.quality.filter { $0.domain == .social }
        let third = try #require(social.first { $0.point == "M3" })
        #expect(third.pairs == 2)
        #expect(third.baselines == 3)
        #expect(third.meanDifference == 11.5)
        #expect([third.improved.count, third.improved.of] == [1, 2])
        #expect([third.reliablyImproved.count, third.reliablyDeteriorated.count] == [1, 0])
        #expect(third.standardDeviation == 15)
        #expect(third.reliability == 0.68)
        let sixth = try #require(social.first { $0.point == "M6" })
        #expect(sixth.meanDifference == -10)
        #expect(result.quality.filter { $0.domain == .physical }.allSatisfy { $0.pairs == 0 })
        #expect(result.warnings.contains(Open(.publishedDeviation)))
        #expect(result.warnings.contains(Open(.smallNumbers)))
    }
}
