import ClinicalAPI
import EvaluationAPI
import Logging
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("What of a person's record is given on paper")
struct ExcerptTests {
    private func asked(_ sections: Set<Section>, isForSubject: Bool) -> Set<String> {
        Set(
            ExcerptQuestions(sections: sections, isForSubject: isForSubject).about(id(1))
                .map(\.subject))
    }

    @Test("is asked for by the sections alone; to whom it was given is told to the person alone")
    func questions() {
        #expect(asked([.identity], isForSubject: false) == ["identitas"])
        #expect(asked([.legal], isForSubject: false) == ["status hukum"])
        #expect(
            asked([.program], isForSubject: false) == [
                "persetujuan", "keputusan tim", "keikutsertaan", "kehadiran",
            ])
        #expect(asked([.counseling], isForSubject: false) == ["catatan konseling"])
        let clinical = asked([.clinical], isForSubject: false)
        #expect(clinical.contains("tes urine") && clinical.contains("riwayat registrasi"))
        #expect(!clinical.contains("catatan konseling") && !clinical.contains("persetujuan"))
        #expect(
            asked([.legal], isForSubject: true) == [
                "status hukum", "pemberian data kepada pihak lain",
            ])
        #expect(asked([], isForSubject: true).isEmpty)
    }

    /// The answers of services that have a line of every section.
    private func parts(_ sections: Set<Section>) async throws -> [String: String] {
        let participant = Participant(
            id: id(1),
            identity: ParticipantIdentity(name: "Budi Santoso", sex: .male, birthYear: 1990),
            legal: LegalFacts(
                register: [
                    RegisterEntry(
                        number: RegisterNumber(book: .b1, number: "12/2025"),
                        from: day("2025-09-01"))
                ]),
            facilityCode: "rutan-kraksaan",
            placements: [Placement(block: "R", from: day("2025-09-02"))])
        func line(_ kind: TimelineLine.Kind) -> TimelineLine {
            TimelineLine(
                kind: kind, day: day("2026-03-05"), at: nil, title: "judul \(kind.rawValue)",
                record: (id(7) as SessionID).uuid)
        }
        let timeline = ParticipantTimeline.Reply(lines: TimelineLine.Kind.allCases.map(line))
        let router = try Router(
            declared: [GetParticipant.self, GetLegalStanding.self, ParticipantTimeline.self],
            handlers: [
                .unary(GetParticipant.self) { _, _ in participant },
                .unary(GetLegalStanding.self) { _, _ in LegalStanding(participant) },
                .unary(ParticipantTimeline.self) { _, _ in timeline },
            ],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: SystemClock.now)
        let identity = Identity.person(
            PersonIdentity(
                domain: "pulih.test",
                affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"),
                role: .physician, code: "melati"))
        let caller = Caller(InMemoryTransport(router, as: identity), retries: .none) {
            .random(at: SystemClock.now())
        }
        let questions = ExcerptQuestions(sections: sections, isForSubject: false).about(id(1))
        let answers = await FanOut.ask(questions, within: .seconds(10)) { _ in caller }
        return try Dictionary(
            uniqueKeysWithValues: answers.parts.map {
                ($0.what, try Document($0.content).text(.json))
            })
    }

    @Test("holds of each answer what lies in the sections, and nothing else")
    func kept() async throws {
        let identity = try await parts([.identity])
        #expect(identity["identitas"]?.contains("Budi Santoso") == true)
        for word in ["rutan-kraksaan", "12/2025", "placements", "releases"] {
            #expect(identity["identitas"]?.contains(word) == false, "\(word)")
        }
        let legal = try await parts([.legal])
        #expect(legal["status hukum"]?.contains("12/2025") == true)
        #expect(legal["status hukum"]?.contains("\"block\": \"R\"") == true)
        #expect(legal["status hukum"]?.contains("Budi") == false)

        let clinical = try await parts([.clinical])
        let lines = try #require(clinical["riwayat klinis"])
        #expect(lines.contains("judul urine-test") && lines.contains("judul plan"))
        #expect(!lines.contains("judul session") && !lines.contains("judul note"))
        let both = try #require(try await parts([.clinical, .program])["riwayat klinis"])
        #expect(both.contains("judul session") && !both.contains("judul note"))
    }

    @Test("is what the consent covers and was not taken back")
    func covered() {
        func consent(_ revocations: [Revocation]) -> Consent {
            Consent(
                id: id(3), participant: id(1), kind: .dataSharing, version: "3",
                scope: [.identity, .program, .clinical, .aggregate], purpose: "pendampingan",
                recipients: ["Bapas"], language: "id", signedOn: day("2026-01-01"),
                witness: Witness(name: "Siti", relation: "legal aid"), revocations: revocations)
        }
        #expect(HandOutOptions.covered(by: consent([])) == [.identity, .program, .clinical])
        let part = Revocation(day: day("2026-02-01"), reason: "none given", sections: [.clinical])
        #expect(HandOutOptions.covered(by: consent([part])) == [.identity, .program])
        let all = Revocation(day: day("2026-02-02"), reason: "none given")
        #expect(HandOutOptions.covered(by: consent([part, all])).isEmpty)
    }

    @Test("is of a request for a copy what the last answer grants, and all where it names no part")
    func granted() {
        let step = RegisterStep(by: "x", at: time("2026-03-01T03:30:00Z"))
        func request(_ answers: [Section]...) -> SubjectRequest {
            SubjectRequest(
                id: id(9), participant: id(1), kind: .copy, channel: .paper, words: "salinan",
                sections: [], receivedAt: step.at, dueAt: step.at, entered: step,
                answers: answers.map {
                    SubjectAnswer(
                        outcome: $0.isEmpty ? .granted : .partly, ground: "x", sections: $0,
                        answered: step)
                })
        }
        let all: [Section] = [.identity, .legal, .program, .clinical, .counseling]
        #expect(SubjectCopyCommand.granted(of: request([])) == all)
        #expect(
            SubjectCopyCommand.granted(of: request([], [.program, .identity])) == [
                .identity, .program,
            ])
        // Nothing is granted here; the registry refuses what is asked for.
        #expect(SubjectCopyCommand.granted(of: nil) == all)
    }
}
