import CBOR
import Foundation
import Testing
import Vocabulary

@Suite("What the three services have on the disk", .timeLimit(.minutes(3)))
struct AtRestTests {
    /// The fields of requests whose texts may be nowhere in plain, by method; a path goes through
    /// lists.
    static let sensitive: [String: [String]] = [
        "registry.participant.register": ["identity", "caseArticles"],
        "registry.participant.add-alias": ["alias"],
        "registry.cohort.import": ["rows.name", "rows.nik", "rows.exitReason"],
        "registry.consent.record": ["consent.witness.name", "consent.guardian"],
        "registry.consent.revoke": ["reason"],
        "registry.item.record": ["item.text", "item.source"],
        "registry.staff.add": ["member.name"],
        "registry.enrollment.advance": ["reason"], "registry.enrollment.hold": ["note"],
        "registry.enrollment.exit": ["reason", "destination"],
        "clinical.note.write": ["text"], "clinical.note.amend": ["text", "reason"],
        "clinical.assessment.record": [
            "recommendationReason", "substances.otherName", "correction",
        ],
        "clinical.instrument.administer": ["correction.reason"],
        "clinical.plan.set": ["goals.text", "services"],
        "clinical.alert.raise": ["reason"], "clinical.alert.acknowledge": ["action"],
        "clinical.session.hold": ["medical"], "clinical.session.record": ["medical"],
        "clinical.session.correct": ["reason"], "clinical.session.cancel": ["reason"],
        "clinical.session.miss": ["reason"],
        "evaluation.evaluation.open": ["findings"],
    ]

    @Test("has no name, number, note, answer or reason of the sample in plain text")
    func plain() async throws {
        let town = try RecordedTown()
        defer { town.close() }
        try await town.live()
        var texts: Set<String> = []
        for (method, paths) in Self.sensitive {
            let requests = town.recorder.requests(of: method)
            for path in paths.map({ $0.split(separator: ".").map(String.init) }) {
                let found = Set(requests.flatMap { $0.texts(at: path) })
                // Shorter words, and days, may stand for something else in the files.
                let telling = found.filter { $0.utf8.count >= 8 && Day(text: $0) == nil }
                texts.formUnion(telling.sorted().prefix(40))
            }
        }
        #expect(texts.count > 100)
        let files = try town.stored
        #expect(files.count >= 9)
        func isPlain(_ text: String) -> Bool {
            files.contains { $0.range(of: Data(text.utf8)) != nil }
        }
        #expect(texts.filter(isPlain).isEmpty)
        // The same look finds what is not sealed.
        #expect(isPlain("rutan-kraksaan"))
    }
}

extension CBORValue {
    /// Every text at a path, through lists, and below it.
    fileprivate func texts(at path: [String]) -> [String] {
        switch self {
        case .text(let text): path.isEmpty ? [text] : []
        case .array(let items): items.flatMap { $0.texts(at: path) }
        case .map(let pairs):
            pairs.flatMap { pair -> [String] in
                guard let first = path.first else { return pair.value.texts(at: []) }
                return pair.key == .text(first) ? pair.value.texts(at: Array(path.dropFirst())) : []
            }
        case .tagged(_, let item): item.texts(at: path)
        default: []
        }
    }
}
