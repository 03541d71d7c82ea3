import ClinicalAPI
import EvaluationAPI
import Foundation
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("A dossier")
struct DossierTests {
    private static let person = Participant(
        id: id(1),
        identity: ParticipantIdentity(
            name: "Budi Santoso", nik: try? NationalID("9271060312000001"), sex: .male,
            birthDate: day("1990-05-04")),
        legal: LegalFacts(
            register: [
                RegisterEntry(
                    number: RegisterNumber(book: .b1, number: "12/2025"), from: day("2025-09-01"))
            ]),
        facilityCode: "rutan-kraksaan", placements: [Placement(block: "R", from: day("2025-09-02"))]
    )

    private let parts: [DossierPart] = [
        .header(person),
        .registry(
            RegistryTimeline.Reply(
                participant: id(1),
                lines: [
                    RegistryTimelineLine(
                        day: day("2026-03-01"), kind: .enrollment, text: "enrolled in sosial-6"),
                    RegistryTimelineLine(
                        day: day("2026-03-01"), kind: .stage, text: "stage: entry"),
                    RegistryTimelineLine(
                        day: day("2026-03-05"), at: time("2026-03-05T03:30:00Z"), kind: .merge,
                        text: "record merged into another"),
                ], withheld: [.item])),
        .clinical(
            ParticipantTimeline.Reply(lines: [
                TimelineLine(
                    kind: .session, day: day("2026-03-05"), at: time("2026-03-05T02:00:00Z"),
                    title: "group, present",
                    record: SessionID.random(at: time("2026-03-01T00:00:00Z")).uuid)
            ])),
        .evaluation(
            EvaluationTimeline.Reply(
                lines: [
                    EvaluationTimelineLine(
                        day: day("2026-03-05"), kind: .evaluation, text: "evaluation M0 held")
                ], sources: [])),
    ]

    @Test("is one timeline by day and hour, below who it is")
    func whole() {
        let dossier = Dossier(id(1), parts: parts, missing: [])
        #expect(
            dossier.text(width: nil, zone: .wib) == """
                Budi Santoso, participant 018bcfe5-6800-7000-8000-000000000001
                male; born 1990-05-04; rutan-kraksaan; convict in book B.I since 2025-09-01; block R

                day         hour   service     kind        what
                2026-03-01         registry    enrollment  enrolled in sosial-6
                2026-03-01         registry    stage       stage: entry
                2026-03-05         evaluation  evaluation  evaluation M0 held
                2026-03-05  09:00  clinical    session     group, present
                2026-03-05  10:30  registry    merge       record merged into another

                Not for your role: item
                """)
    }

    @Test("says which service is missing, also on paper and in JSON")
    func partial() throws {
        let gap = MissingPart(
            service: "clinical", part: "timeline", status: "unavailable", reason: "it is down")
        let dossier = Dossier(id(1), parts: Array(parts.prefix(2)), missing: [gap])
        #expect(dossier.lines.count == 3)
        #expect(
            dossier.text(width: nil, zone: .wib).contains(
                "? timeline of clinical is missing: it is down"))
        #expect(try Document(dossier).text(.json).contains("\"reason\": \"it is down\""))
    }

    @Test("names nobody where the role may not see names, and no NIK in any form")
    func identity() throws {
        let nameless = Dossier(id(1), parts: Array(parts.dropFirst()), missing: [])
        #expect(!nameless.text(width: nil, zone: .wib).contains("Budi"))
        #expect(nameless.text(width: nil, zone: .wib).hasPrefix("Participant 018bcfe5-"))
        let whole = Dossier(id(1), parts: parts, missing: [])
        for text in [
            try Document(whole).text(.json), whole.csv.csv, whole.text(width: nil, zone: .wib),
        ] {
            #expect(!text.contains("9271060312"))
            #expect(!text.contains("12/2025"))
        }
        #expect(!whole.csv.csv.contains("Budi"))
    }

    @Test("holds no more than the sections that it is handed over with")
    func within() {
        func dossier(_ sections: Set<Section>) -> Dossier {
            Dossier(id(1), parts: parts, missing: [], within: sections)
        }
        func kinds(_ sections: Set<Section>) -> [String] { dossier(sections).lines.map(\.kind) }
        #expect(kinds([.program]) == ["enrollment", "stage", "session"])
        #expect(kinds([.clinical]) == ["evaluation"])
        #expect(kinds([.identity]) == ["merge"])
        #expect(kinds([.counseling]).isEmpty)
        #expect(dossier([.program, .legal]).header == nil)
        // Where somebody is held, and as what, is a legal fact.
        let nameAlone = dossier([.identity]).text(width: nil, zone: .wib)
        #expect(
            nameAlone.hasPrefix(
                """
                Budi Santoso, participant 018bcfe5-6800-7000-8000-000000000001
                male; born 1990-05-04


                """))
        #expect(dossier([.identity, .legal]).header?.facility == "rutan-kraksaan")
        #expect(dossier([.identity, .legal]).header?.block == "R")
    }

    @Test("asks for what it may hold, and for nothing else")
    func asked() {
        func services(_ sections: Set<Section>) -> [String] {
            DossierPart.questions(id(1), within: sections).map { "\($0.service) \($0.subject)" }
        }
        #expect(services([.identity]) == ["registry identity", "registry timeline"])
        #expect(services([.counseling]) == ["clinical timeline"])
        #expect(services(Set(Section.allCases)).count == 4)
    }

    @Test("hands over no line of a kind that this program does not know")
    func unknownKind() throws {
        let later = try JSONDecoder().decode(
            EvaluationTimelineLine.self,
            from: Data(#"{"day": "2026-03-06", "kind": "verdict", "text": "x"}"#.utf8))
        let part = DossierPart.evaluation(EvaluationTimeline.Reply(lines: [later], sources: []))
        #expect(Dossier(id(1), parts: [part], missing: []).lines.count == 1)
        let personal = Set(Section.allCases.filter(\.isPersonal))
        #expect(Dossier(id(1), parts: [part], missing: [], within: personal).lines.isEmpty)
    }

    @Test("fits a terminal")
    func narrow() {
        let text = Dossier(id(1), parts: parts, missing: []).text(width: 60, zone: .wib)
        let table = text.split(separator: "\n").filter { $0.hasPrefix("20") }
        #expect(table.count == 5)
        #expect(table.allSatisfy { $0.count <= 60 })
        #expect(table.last?.hasSuffix("…") == true)
    }
}

@Suite("A participant looked for")
struct ParticipantSearchTests {
    private func participant(_ number: UInt64, mergedInto: ParticipantID? = nil) -> Participant {
        Participant(
            id: id(number),
            identity: ParticipantIdentity(name: "Budi \(number)\u{1b}[2J", sex: .male),
            legal: LegalFacts(register: []), facilityCode: "rutan-kraksaan", mergedInto: mergedInto)
    }

    @Test("is the only one that fits, counting people and not records")
    func only() throws {
        let search = try ParticipantSearch("budi")
        #expect(try search.only(of: [participant(1)]) == id(1))
        #expect(try search.only(of: [participant(1), participant(2, mergedInto: id(1))]) == id(1))
        // Whoever was merged into somebody else is still found by their own id.
        #expect(try search.only(of: [participant(2, mergedInto: id(1))]) == id(2))
    }

    @Test("is not guessed where several fit: they are named, safely for a terminal")
    func several() throws {
        let search = try ParticipantSearch("budi")
        let problem = #expect(throws: GatewayProblem.self) {
            try search.only(of: (1...12).map { participant($0) })
        }
        let message = problem?.message ?? ""
        #expect(message.contains("018bcfe5-6800-7000-8000-000000000001"))
        #expect(message.contains("and 2 more"))
        #expect(!message.contains("\u{1b}"))
        #expect(problem?.status == .usage)
        let nobody = #expect(throws: GatewayProblem.self) { try search.only(of: []) }
        #expect(nobody?.status == .notFound)
    }

    @Test("needs more than two letters")
    func short() {
        #expect(throws: GatewayProblem.self) { try ParticipantSearch("…ab") }
    }
}
