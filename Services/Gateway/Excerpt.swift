import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared

/// What the services keep of one person, in the sections that a document may hold.
struct Excerpt: Encodable {
    /// What one service answered to one question, as it came but for what lies in other sections.
    struct Part: Encodable, Sendable {
        let service: ServiceName
        let what: String
        let content: CBORValue
    }

    /// What it is, in a line above it.
    let title: String
    let participant: ParticipantID
    let parts: [Part]
    let missing: [MissingPart]

    /// A heading and a table for each part.
    func text() throws -> String {
        let sections = try parts.map { part in
            "\(part.what.uppercased()) (\(part.service.rawValue))\n"
                + (try Document(part.content).text(.table))
        }
        let gaps = missing.map { "? \($0.part) dari \($0.service) tidak ada: \($0.reason)" }
        return (["\(title) \(participant)"] + sections + gaps).joined(separator: "\n\n")
    }
}

/// What is asked of the services for a document, and what of the answers is kept.
///
/// Lists of sessions are not among it: a session names the others of its group. Their days stand
/// in the clinical timeline, for each person alone.
struct ExcerptQuestions {
    /// What the document may hold.
    let sections: Set<Section>
    /// For the person, who may have every line of their own record; to others what lies in a
    /// section is given by calls of that section alone, for so it is granted.
    let isForSubject: Bool
    /// The days whose records it may hold; nil for all.
    var period: RecordPeriod?

    func about(_ id: ParticipantID) -> [FanOut<Excerpt.Part>.Question] {
        let all = [
            fields("identitas", GetParticipant(participant: id), of: .identity) {
                !Self.legalFields.contains($0)
            },
            fields("status hukum", GetParticipant(participant: id), of: .legal) {
                Self.legalFields.contains($0)
            },
            whole("data minimum", ListItems(participant: id)),
            whole("persetujuan", ListConsents(participant: id)),
            whole("keputusan tim", ListDecisions(participant: id)),
            whole("keikutsertaan", ListEnrollments(participant: id, limit: 500)),
            lines(
                "riwayat registrasi", RegistryTimeline(participant: id),
                RegistryTimelineLine.Kind.self),
            // To whom else the data were given concerns the person alone.
            isForSubject
                ? whole("pemberian data kepada pihak lain", ListDisclosures(participant: id)) : nil,
            whole("asesmen", ListAssessments(participant: id)),
            whole("kuesioner", ListAdministrations(participant: id)),
            whole("rencana", GetPlan(participant: id)),
            whole("tes urine", ListUrineTests(participant: id)),
            whole("catatan konseling", ListNotes(participant: id)),
            lines("riwayat klinis", ParticipantTimeline(participant: id), TimelineLine.Kind.self),
            lines(
                "evaluasi", EvaluationTimeline(participant: id), EvaluationTimelineLine.Kind.self),
            whole("kontak pascarehabilitasi", ListContacts(participant: id)),
            whole("kejadian sesudah bebas", ListOutcomes(participant: id)),
        ]
        return all.compactMap(\.self)
    }

    /// What of a participant's record is of the section `legal`; the rest tells who they are.
    private static let legalFields: Set<String> = [
        "legal", "facilityCode", "placements", "releases", "diedOn",
    ]

    private typealias Question = FanOut<Excerpt.Part>.Question

    private func whole<Method: RPCMethod>(_ what: String, _ request: Method) -> Question? {
        sections.contains(Method.section) ? question(what, request) { $0 } : nil
    }

    /// The fields of a reply that lie in one section.
    private func fields<Method: RPCMethod>(
        _ what: String, _ request: Method, of section: Section,
        _ isOfSection: @escaping @Sendable (String) -> Bool
    ) -> Question? {
        guard sections.contains(section) else { return nil }
        return question(what, request) { $0.keepingFields(isOfSection) }
    }

    /// The lines of a timeline that lie in the sections.
    private func lines<Method: RPCMethod, Kind: TimelineKind>(
        _ what: String, _ request: Method, _ kind: Kind.Type
    ) -> Question? {
        let sections = sections
        let isAsked =
            isForSubject
            ? Kind.allCases.contains { sections.contains($0.section) }
            : sections.contains(Method.section)
        guard isAsked else { return nil }
        return question(what, request) { $0.keepingLines(kind, of: sections) }
    }

    private func question<Method: RPCMethod>(
        _ what: String, _ request: Method, keeping: @escaping @Sendable (CBORValue) -> CBORValue
    ) -> Question {
        // Every method's name begins with its service's.
        let name = ServiceName(rawValue: String(Method.name.text.prefix { $0 != "." }))
        let service = name ?? .registry
        let period = period
        return Question(service: service, subject: what) { caller in
            let content = keeping(try await caller.call(AsItCame(request)))
            return Excerpt.Part(
                service: service, what: what, content: period?.keeping(content) ?? content)
        }
    }
}

extension CBORValue {
    /// A reply with some of its fields.
    fileprivate func keepingFields(_ isKept: (String) -> Bool) -> CBORValue {
        guard case .map(let pairs) = self else { return self }
        return .map(pairs.filter { isKept(Table.word($0.key)) })
    }

    /// A timeline with the lines of some sections.
    fileprivate func keepingLines<Kind: TimelineKind>(
        _ type: Kind.Type, of sections: Set<Section>
    ) -> CBORValue {
        guard case .map(let pairs) = self else { return self }
        return .map(
            pairs.map { pair in
                guard pair.key == .text("lines"), case .array(let lines) = pair.value else {
                    return pair
                }
                let kept = lines.filter { $0.kind(type)?.lies(in: sections) ?? false }
                return CBORPair(key: pair.key, value: .array(kept))
            })
    }

    /// The kind of a line of a timeline.
    private func kind<Kind: TimelineKind>(_ type: Kind.Type) -> Open<Kind>? {
        guard case .text(let word)? = field("kind") else { return nil }
        return Open(rawValue: word)
    }
}
