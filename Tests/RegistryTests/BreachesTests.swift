import RPC
import RegistryAPI
import RegistryRules
import Storage
import Testing
import Vocabulary

@Suite("The register of breaches", .timeLimit(.minutes(1)))
struct BreachesTests {
    private static let discovered = Example.today.start(in: .wib)

    private static func report(_ number: UInt64 = 1, data: String? = nil) -> ReportBreach {
        ReportBreach(
            id: id(number), facilityCode: Example.rutan, discoveredAt: discovered, data: data)
    }

    private static func tell(_ kind: BreachNotice.Kind) -> TellBreach {
        TellBreach(
            breach: id(1), to: kind, channel: "surat", sentAt: discovered.adding(seconds: 3600))
    }

    @Test("runs 72 hours from the discovery, until people and agency are told")
    func clock() throws {
        let event = RegisterEvent(
            caller: .service(ServiceIdentity(domain: "pulih.test", name: .registry)),
            now: Self.discovered.adding(seconds: 7200), today: Example.today)
        var breach = try BreachRules.report(
            Self.report(data: "nama"), existing: nil, facilityCodes: Example.facilities,
            event: event)
        #expect(breach.dueAt.seconds(since: Self.discovered) == 259_200)
        #expect(breach.missingContents == ["course", "handling"])
        func line(after seconds: Int64) -> ListBreaches.Line? {
            BreachRules.lines(
                ListBreaches(), of: [breach], now: Self.discovered.adding(seconds: seconds)
            ).first
        }
        #expect(line(after: 3600)?.hoursLeft == 71)
        #expect(line(after: 259_201)?.overdue == true)
        breach = try BreachRules.state(
            StateBreach(breach: id(1), course: "surel salah kirim", handling: "ditarik"),
            of: breach, event: event)
        breach = try BreachRules.tell(Self.tell(.agency), of: breach, event: event)
        #expect(line(after: 259_201)?.overdue == true)
        breach = try BreachRules.tell(Self.tell(.subjects), of: breach, event: event)
        #expect(line(after: 259_201)?.overdue == false)
        #expect(line(after: 259_201)?.hoursLeft == nil)
        #expect(breach.statements.count == 2)
    }

    @Test("takes what is known when it is known, and no notice that lacks one of three contents")
    func service() async throws {
        let registry = try RunningRegistry()
        try await registry.prepare()
        for role in [Role.security, .integratedTeam, .aftercareOfficer] {
            #expect(await registry.status(Self.report(), as: role) == .permissionDenied)
        }
        let breach = try await registry.call(Self.report(data: "nama"), as: .counselor)
        #expect(try await registry.call(Self.report(data: "nama"), as: .counselor) == breach)
        #expect(await registry.refusal(Self.report(data: "x"), as: .counselor) == .idTaken)
        #expect(
            await registry.refusal(
                ReportBreach(id: id(2), facilityCode: "x", discoveredAt: Self.discovered),
                as: .counselor) == .facilityUnknown)
        #expect(
            await registry.refusal(Self.tell(.agency), as: .facilityHead) == .contentMissing)
        #expect(await registry.status(Self.tell(.agency), as: .counselor) == .permissionDenied)
        _ = try await registry.call(
            StateBreach(breach: id(1), course: "surel salah kirim"), as: .counselor)
        #expect(
            await registry.refusal(Self.tell(.agency), as: .facilityHead) == .contentMissing)
        _ = try await registry.call(
            StateBreach(breach: id(1), handling: "ditarik", people: 3), as: .counselor)
        _ = try await registry.call(Self.tell(.agency), as: .facilityHead)
        let open = try await registry.call(ListBreaches(open: true), as: .auditor).lines
        #expect(open.map(\.hoursLeft) == [60])
        _ = try await registry.call(Self.tell(.subjects), as: .facilityHead)
        #expect(try await registry.call(ListBreaches(open: true), as: .auditor).lines.isEmpty)
        let told = try await registry.call(GetBreach(breach: id(1)), as: .auditor)
        #expect(told.notices.map(\.to) == [.agency, .subjects])
        #expect(await registry.status(GetBreach(breach: id(7)), as: .auditor) == .notFound)
        try await registry.store.rebuild()
        #expect(try await registry.call(GetBreach(breach: id(1)), as: .auditor) == told)
    }
}
