import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("The registry's part of a dossier")
struct TimelineTests {
    /// A person with every kind of line, who left on 2026-06-01.
    private func facts() -> TimelineFacts {
        var participant = Example.participant()
        participant.releases = [
            Release(
                day: day("2026-06-01"), kind: .parole, letter: "PB-7",
                handoverDue: day("2026-06-22"))
        ]
        participant.diedOn = day("2026-07-01")
        var enrollment = Example.enrollment()
        enrollment.stages.append(
            StageEntry(stage: "re-entry", from: day("2026-04-01"), reason: "asked for it"))
        enrollment.holds = [
            Hold(
                from: day("2026-04-10"), until: day("2026-04-12"), reason: .court,
                note: "witness against X")
        ]
        enrollment.exit = Exit(
            exitClass: .released, day: day("2026-06-01"), reason: "parole granted")
        var consent = Example.consent()
        consent.revocations = [
            Revocation(day: day("2026-05-01"), reason: "ashamed", sections: [.clinical])
        ]
        return TimelineFacts(
            participants: [participant],
            marks: [
                RecordMark(
                    participant: id(1), event: .registered,
                    at: Timestamp(microseconds: Int64(day("2025-06-02").number) * 86_400_000_000)),
                RecordMark(
                    participant: id(2), event: .merged,
                    // 23:00 UTC is the next morning in western Indonesia.
                    at: Timestamp(
                        microseconds: Int64(day("2026-03-03").number * 24 - 1) * 3_600_000_000)),
            ],
            items: [
                RecordedItem(
                    id: id(350), participant: id(1), aspect: .diagnosis, text: "opioids",
                    code: "F11.2", recordedOn: day("2026-02-03"), source: "examination")
            ], consents: [consent], decisions: [Example.decision], decrees: [Example.decree],
            enrollments: [enrollment], programCodes: [id(200): "sosial-6"])
    }

    private func lines(for role: Role, on today: String = "2026-08-01") -> [RegistryTimelineLine] {
        Timeline.lines(facts(), for: role, zone: .wib, today: day(today))
    }

    @Test("tells what happened, the oldest first, with days as they are in the place of custody")
    func whole() {
        #expect(
            lines(for: .physician).map { "\($0.day) \($0.kind.rawValue): \($0.text)" } == [
                "2025-06-01 register: in book A.I, detainee",
                "2025-06-02 registration: registered",
                "2025-09-01 register: in book B.I, convict",
                "2025-09-02 placement: in block R",
                "2026-02-01 consent: consent to treatment recorded, form 3",
                "2026-02-03 item: recorded: diagnosis",
                "2026-02-10 decision: assessment team recommends social rehabilitation",
                "2026-02-20 decree: appointed to sosial-6, cohort 2026-1, by decree SK-1/2026",
                "2026-03-01 enrollment: enrolled in sosial-6, cohort 2026-1",
                "2026-03-01 stage: stage: entry",
                "2026-03-03 merge: record merged into another",
                "2026-04-01 stage: stage: re-entry",
                "2026-04-10 hold: on hold: court",
                "2026-04-12 hold: back from hold",
                "2026-05-01 consent: consent to treatment revoked in part: clinical",
                "2026-06-01 exit: exit: BEBAS",
                "2026-06-01 release: released: parole",
                "2026-07-01 death: died",
            ])
    }

    @Test("says nothing that identifies, and nothing in free words")
    func silent() {
        for line in lines(for: .physician) {
            for word in [
                "Budi", "12/2025", "127", "opioids", "F11", "ashamed", "asked", "witness",
                "granted", "PB-7", "Siti",
            ] {
                #expect(!line.text.contains(word), "\(line.text)")
            }
        }
    }

    @Test("shows each kind of line to those only who may see the records behind it")
    func roles() {
        for role in Role.allCases {
            let shown = Set(lines(for: role).compactMap(\.kind.known))
            #expect(shown.isDisjoint(with: Timeline.withheld(from: role)), "\(role)")
        }
        let head = Timeline.withheld(from: .facilityHead)
        #expect(head == [.item, .consent])
        #expect(Timeline.withheld(from: .registrar) == [.item])
        #expect(
            Timeline.withheld(from: .aftercareOfficer) == [.item, .consent, .decision, .decree])
        #expect(Timeline.withheld(from: .counselor).isEmpty)
        #expect(Timeline.withheld(from: .administrator).contains(.registration))
    }

    @Test("lets a consent expire once its last day is over, and not where it was taken back")
    func expiry() {
        let expired = { (line: RegistryTimelineLine) in line.text.hasSuffix("expired") }
        #expect(!lines(for: .physician, on: "2026-12-31").contains(where: expired))
        let after = lines(for: .physician, on: "2027-01-01").filter(expired)
        #expect(after.map(\.day) == [day("2026-12-31")])
        var facts = facts()
        facts.consents[0].revocations = [Revocation(day: day("2026-05-01"), reason: "no")]
        let revoked = Timeline.lines(facts, for: .physician, zone: .wib, today: day("2027-01-01"))
        #expect(!revoked.contains(where: expired))
        facts.consents = [Example.consent(expiresOn: nil, endsWith: .exit)]
        let ended = Timeline.lines(facts, for: .physician, zone: .wib, today: day("2026-08-01"))
        #expect(ended.filter(expired).map(\.day) == [day("2026-06-01")])
    }

    @Test("does not say the same twice for a person with two records")
    func twice() {
        var facts = facts()
        facts.participants.append(Example.participant(2))
        let lines = Timeline.lines(facts, for: .physician, zone: .wib, today: day("2026-08-01"))
        #expect(lines.count { $0.text == "in book B.I, convict" } == 1)
    }
}

@Suite("A dossier over the wire", .timeLimit(.minutes(1)))
struct TimelineServiceTests {
    @Test("follows merges, and withholds by role")
    func service() async throws {
        let registry = try RunningRegistry()
        try await registry.prepare()
        try await registry.admit()
        _ = try await registry.call(
            RunningRegistry.registration(2, name: "Budi Santosa"), as: .registrar)
        _ = try await registry.call(
            MergeParticipants(kept: id(2), duplicate: id(1), reason: "one person"),
            as: .registrar)
        let whole = try await registry.call(RegistryTimeline(participant: id(1)), as: .counselor)
        #expect(whole.participant == id(2))
        #expect(whole.withheld.isEmpty)
        #expect(
            Set(whole.lines.map(\.kind.known)) == [
                .registration, .register, .placement, .consent, .decision, .decree, .merge,
            ])
        #expect(whole.lines.count { $0.kind == .registration } == 2)
        let head = try await registry.call(RegistryTimeline(participant: id(2)), as: .facilityHead)
        #expect(head.withheld.map(\.known) == [.item, .consent])
        #expect(head.lines.count == whole.lines.count - 1)
        for role in [Role.security, .administrator, .auditor, .integratedTeam, .boardHead] {
            let status = await registry.status(RegistryTimeline(participant: id(1)), as: role)
            #expect(status == .permissionDenied)
        }
        let unknown = await registry.status(RegistryTimeline(participant: id(9)), as: .counselor)
        #expect(unknown == .notFound)
    }
}
