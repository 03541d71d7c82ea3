import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("A question to all services, with clinical sessions down", .timeLimit(.minutes(2)))
struct FanOutTests {
    private let cluster: Cluster
    private let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))

    init() throws { cluster = try Cluster() }

    private var today: Day { now.day(in: .wib) }
    private var participant: ParticipantID { Self.id(1) }

    private static func id<Kind>(_ number: UInt64) -> Identifier<Kind> {
        Identifier(at: Timestamp(microseconds: 1_700_000_000_000_000), high: 0, low: number)
    }

    /// A facility with one participant, enrolled a hundred days ago.
    private func enroll(_ registry: RunningService) async throws {
        let administrator = try cluster.caller(.administrator, of: registry)
        _ = try await administrator.call(
            AddFacility(
                facility: Facility(
                    id: Self.id(10), code: "rutan-kraksaan", name: "Rutan Kraksaan", zone: .wib)))
        _ = try await administrator.call(
            AddInstitution(
                institution: Institution(
                    id: Self.id(20), code: "bnnk-pasuruan", name: "BNNK Pasuruan",
                    kind: .narcoticsBoard)))
        let head = try cluster.caller(.facilityHead, of: registry)
        _ = try await head.call(
            SignAgreement(
                agreement: Agreement(
                    id: Self.id(100), number: "W15/1", facilityCode: "rutan-kraksaan",
                    institutionCodes: ["bnnk-pasuruan"], validFrom: today.adding(days: -400),
                    validUntil: today.adding(days: 400), scope: "rehabilitation")))
        let manager = try cluster.caller(.programManager, of: registry)
        _ = try await manager.call(
            DefineProgram(
                program: Program(
                    id: Self.id(200), agreement: Self.id(100), code: "sosial-6",
                    name: "Rehabilitasi Sosial", kind: .social, lengthDays: 180,
                    phases: [Phase(name: "primary", days: 180)], capacity: 10,
                    evaluationCalendar: [
                        EvaluationPoint(
                            code: "M3", after: 60, unit: .day, instruments: ["whoqol-bref"],
                            urine: true)
                    ],
                    entryRules: EntryRules(
                        minimumRemainingDays: 0, allowedStatuses: LegalStatus.allCases,
                        requiredRiskBands: [], urineRequired: false, decisionRequired: false,
                        decreeRequired: false, placementRequired: false))))
        _ = try await manager.call(
            RegisterParticipant(
                id: participant,
                identity: ParticipantIdentity(
                    name: "Budi Santoso", nikUnknownReason: "lost his card", sex: .male,
                    birthYear: 1990),
                facilityCode: "rutan-kraksaan",
                register: RegisterEntry(
                    number: RegisterNumber(book: .b1, number: "12/2025"),
                    from: today.adding(days: -200)),
                sentenceMonths: 60,
                releaseDates: [
                    ReleaseDate(
                        kind: .sentenceExpiry, date: today.adding(days: 1000),
                        recordedOn: today.adding(days: -200))
                ]))
        _ = try await manager.call(
            RecordConsent(
                consent: Consent(
                    id: Self.id(300), participant: participant, kind: .treatment, version: "3",
                    scope: [.program, .clinical], purpose: "rehabilitation", language: "jv",
                    signedOn: today.adding(days: -120), expiresOn: today.adding(days: 300),
                    witness: Witness(name: "Siti", relation: "legal aid"),
                    explanation: Explanation(
                        explainedOn: today.adding(days: -121), noPenaltyReadOut: true))))
        _ = try await manager.call(
            OpenEnrollment(
                id: Self.id(700), participant: participant, program: Self.id(200),
                cohort: "2026-1", openedOn: today.adding(days: -100)))
    }

    /// Waits until a service has applied all that another has said.
    private func wait(for follower: RunningService, toFollow leader: RunningService) async throws {
        let end = try await cluster.caller(.auditor, of: leader).call(CheckHealth()).position
        let caller = try cluster.caller(.auditor, of: follower)
        let deadline = ContinuousClock.now.advanced(by: .seconds(30))
        while ContinuousClock.now < deadline {
            let feeds = try await caller.call(CheckHealth()).feeds
            if feeds.contains(where: { $0.of == leader.name && $0.position >= end }) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(follower.name) did not follow \(leader.name)")
    }

    @Test("is answered by the others, who is missing is said, and all of it on demand only")
    func caseload() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let evaluation = try await cluster.start(.evaluation)
        defer { evaluation.kill() }
        try await enroll(registry)
        try await wait(for: evaluation, toFollow: registry)
        let head = try PulihCommand(cluster, as: .facilityHead)

        let table = try await head.run("caseload", "--explain")
        #expect(table.status == 3)
        #expect(table.output.contains("1 in treatment, 0 on hold; evaluations: 1 overdue"))
        let line = table.output.split(separator: "\n").last { $0.contains("sosial-6") } ?? ""
        #expect(line.contains("Budi Santoso") && line.contains("M3 overdue 40 d"))
        #expect(line.contains(" ? "))
        #expect(table.notes.contains("missing: sessions from clinical"))
        #expect(table.notes.contains("[unavailable]"))
        #expect(table.notes.contains("127.0.0.1:\(registry.port)"))
        #expect(!table.output.contains("missing"))
        // It goes into a file here, so it says of itself what it is.
        #expect(table.output.contains("\n\nPEMBERITAHUAN: "))

        let json = try await head.run("caseload", "-o", "json")
        #expect(json.status == 3)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let missing = (object as? [String: Any])?["missing"] as? [[String: Any]]
        #expect(json.output.contains("bagian: identitas, program; tujuan: pelaksanaan"))
        #expect(missing?.compactMap { $0["service"] as? String } == ["clinical"])

        let complete = try await head.run("caseload", "--require-complete")
        #expect(complete.status == 7)
        #expect(complete.output.isEmpty)
        #expect(complete.notes.contains("missing: sessions from clinical"))

        // The head of the board may not know names; that is no gap.
        let board = try PulihCommand(cluster, as: .boardHead)
        let nameless = try await board.run("caseload", "--explain")
        #expect(nameless.status == 3)
        #expect(nameless.output.contains(participant.description))
        #expect(!nameless.output.contains("Budi"))
        #expect(nameless.notes.contains("not for this role"))

        let unknown = try await head.run("caseload", "--program", "sosial-9")
        #expect(unknown.status == 5)
        #expect(unknown.output.isEmpty)

        // An administrator has no part in any of it.
        let administrator = try PulihCommand(cluster, as: .administrator)
        let refused = try await administrator.run("caseload")
        #expect(refused.status == 4)
        #expect(refused.output.isEmpty)
    }

    @Test("tells of one person what the others know, to each role what it may see")
    func dossier() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let evaluation = try await cluster.start(.evaluation)
        defer { evaluation.kill() }
        try await enroll(registry)
        let counselor = try PulihCommand(cluster, as: .counselor)
        for word in [participant.description, "…" + participant.description.suffix(8), "santoso"] {
            let dossier = try await counselor.run("dossier", word)
            #expect(dossier.status == 3)
            #expect(dossier.output.contains("Budi Santoso"))
            #expect(dossier.output.contains("enrolled in sosial-6, cohort 2026-1"))
            #expect(dossier.output.contains("? timeline of clinical is missing"))
            #expect(dossier.notes.contains("missing: timeline from clinical"))
        }
        #expect(try await counselor.run("dossier", "ffffffff").status == 5)

        // Somebody who may not read a timeline of the evaluation is told so.
        let registrar = try PulihCommand(cluster, as: .registrar)
        let partial = try await registrar.run("dossier", participant.description)
        #expect(partial.status == 3)
        #expect(partial.notes.contains("missing: timeline from evaluation"))
        #expect(partial.notes.contains("[permission-denied]"))

        let health = try await counselor.run("health")
        #expect(health.status == 3)
        #expect(health.output.contains("ready"))
        let effect = try await counselor.run("effectiveness", "--by", "group", "-o", "csv")
        #expect(effect.status == 0)
        #expect(effect.output.hasPrefix("section,group,measure,value,n,N,low,high\n"))
    }
}
