import ClinicalAPI
import EvaluationAPI
import Instruments
import RPC
import Testing
import Vocabulary

@Suite("What the clinical service told, in the report", .timeLimit(.minutes(1)))
struct ClinicalFeedTests {
    private let service: TestService
    private let manager: Caller

    init() throws {
        service = try TestService()
        manager = service.caller(person("M1", as: .programManager))
    }

    @Test("reports completion, incidence and recidivism of the stays")
    func stays() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let registrar = service.caller(person("R1", as: .registrar))
        let event = OutcomeEvent(
            id: id(7), participant: id(3), kind: .reArrest, day: day(-40), source: .register,
            reportedOn: day(-10), knownUntil: day(-10))
        _ = try await registrar.call(RecordOutcome(event: event))
        let report = try await manager.call(ReportEffectiveness())
        let exits = report.exits
        #expect([exits.completionOfDecided.count, exits.completionOfDecided.of] == [1, 2])
        #expect([exits.completionOfAll.count, exits.completionOfAll.of] == [1, 3])
        #expect(exits.open == 1)
        // Four at risk on day 60, three on day 100, one on day 180.
        let incidence = Dictionary(
            uniqueKeysWithValues: exits.incidence.map { ($0.cause, $0.value) })
        #expect(isNear(incidence["administrative"] ?? nil, 0.25))
        #expect(isNear(incidence["unsuccessful"] ?? nil, 0.25))
        #expect(isNear(incidence["successful"] ?? nil, 0.5))
        #expect(report.recidivism.groups.map(\.count) == [1])
        #expect(report.recidivism.groups.map(\.events) == [1])
        #expect(report.sources.map(\.service) == [.registry, .clinical])
        #expect(report.sources.last?.position == 29)
        #expect(!report.warnings.contains(Open(.sourceNeverHeard)))
    }

    @Test("reports who attended, and holds nobody to a session that did not take place")
    func attendance() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let figures = try await manager.call(ReportEffectiveness()).attendance
        #expect([figures.attended.count, figures.attended.of] == [6, 8])
        #expect([figures.missed, figures.excused, figures.cancelled] == [2, 2, 4])
        #expect(figures.byType.map(\.type) == ["medical", "social"])
        #expect(figures.byType.map(\.attended.count) == [1, 5])
        #expect(figures.byType.map(\.attended.of) == [2, 6])
    }

    @Test("reports urine three ways, with the laboratory's last word")
    func urine() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let figures = try await manager.call(ReportEffectiveness()).urine
        #expect([figures.ofValid.count, figures.ofValid.of] == [2, 4])
        #expect([figures.refused, figures.missed, figures.invalid] == [1, 1, 1])
        #expect([figures.worstCase.count, figures.worstCase.of] == [4, 6])
        #expect(figures.byPoint.map(\.point) == ["end", "mid", "random", "start"])
        #expect(figures.byPoint.map(\.ofValid.of) == [0, 0, 0, 4])
    }

    @Test("reports change by domain from valid scores that stand")
    func quality() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let report = try await manager.call(ReportEffectiveness())
        let social = report.quality.filter { $0.domain == .social }
        let third = try #require(social.first { $0.point == "M3" })
        #expect([third.pairs, third.baselines] == [2, 3])
        #expect(isNear(third.meanDifference, 11.5))
        #expect([third.improved.count, third.improved.of] == [1, 2])
        #expect([third.reliablyImproved.count, third.reliablyDeteriorated.count] == [1, 0])
        let sixth = try #require(social.first { $0.point == "M6" })
        #expect(sixth.pairs == 1)
        #expect(isNear(sixth.meanDifference, 30))
        #expect(report.quality.filter { $0.domain == .physical }.allSatisfy { $0.pairs == 0 })
    }

    @Test("gives the same report when items come twice, and after its tables were rebuilt")
    func twice() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let first = try await manager.call(ReportEffectiveness())
        try await service.hearOfTreatment()
        #expect(try await manager.call(ReportEffectiveness()) == first)
        try await service.rebuild()
        #expect(try await manager.call(ReportEffectiveness()).attendance.attended.of == 0)
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        #expect(try await manager.call(ReportEffectiveness()) == first)
    }

    @Test("counts nothing of an item that is not for it, such as a test for security")
    func security() async throws {
        try await service.hearOfStays()
        try await service.hear(clinical: FeedItem(position: 1, at: TestService.now))
        let body = try #require("note".utf8.first)
        try await service.hear(
            clinical: FeedItem(position: 2, at: TestService.now, noun: "note", body: [body]))
        let report = try await manager.call(ReportEffectiveness())
        #expect([report.urine.ofValid.of, report.urine.worstCase.of] == [0, 0])
        #expect(report.sources.last?.position == 2)
    }

    @Test("counts a person under two merged records once a session")
    func merged() async throws {
        try await service.hearOfStay(1, admitted: day(-60))
        try await service.hearOfStay(2, admitted: day(-60), mergedInto: 1)
        let (both, one, other) = (1...3, 4...14, 15...20)
        for number in 1...20 {
            var lines: [Int: AttendanceSummary.Presence] = [:]
            if both.contains(number) || one.contains(number) { lines[1] = .present }
            if both.contains(number) || other.contains(number) { lines[2] = .present }
            try await service.hear(
                .attendance,
                ClinicalFeed.session(number, on: -30, expected: lines.keys.sorted(), lines),
                at: Int64(number))
        }
        let report = try await manager.call(ReportEffectiveness())
        #expect(report.participants == 1)
        #expect([report.attendance.attended.count, report.attendance.attended.of] == [20, 20])
    }

    @Test("knows the caseload, and how old each copy is")
    func caseload() async throws {
        try await service.hearOfStays()
        try await service.hearOfTreatment()
        let reply = try await manager.call(ListCaseload())
        #expect(reply.lines.contains { $0.enrollment == id(4) && $0.overdue == 1 })
        #expect(reply.sources.map(\.ageSeconds) == [0, 0])
    }
}
