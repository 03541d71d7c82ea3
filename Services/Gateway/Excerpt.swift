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
/// Lists of sessions are not among it: a session names the others of its group.
struct ExcerptQuestions {
    /// What the document may hold.
    let sections: Set<Section>
    /// To whom else the data were given concerns the person alone.
    let isForSubject: Bool
    /// The days whose records it may hold; nil for all.
    var period: RecordPeriod?

    func about(_ id: ParticipantID) -> [FanOut<Excerpt.Part>.Question] {
        let all = [
            identity(of: id),
            whole("status hukum", GetLegalStanding(participant: id)),
            whole("data minimum", ListItems(participant: id)),
            whole("persetujuan", ListConsents(participant: id)),
            whole("keputusan tim", ListDecisions(participant: id)),
            whole("keikutsertaan", ListEnrollments(participant: id, limit: 500)),
            lines(
                "riwayat registrasi", RegistryTimeline(participant: id),
                RegistryTimelineLine.Kind.self),
            isForSubject
                ? whole("pemberian data kepada pihak lain", ListDisclosures(participant: id)) : nil,
            whole("asesmen", ListAssessments(participant: id)),
            whole("kuesioner", ListAdministrations(participant: id)),
            whole("rencana", GetPlan(participant: id)),
            whole("tes urine", ListUrineTests(participant: id)),
            whole("catatan konseling", ListNotes(participant: id)),
            whole("kehadiran", ParticipantAttendance(participant: id)),
            lines("riwayat klinis", ParticipantTimeline(participant: id), TimelineLine.Kind.self),
            lines(
                "evaluasi", EvaluationTimeline(participant: id), EvaluationTimelineLine.Kind.self),
            whole("kontak pascarehabilitasi", ListContacts(participant: id)),
            whole("kejadian sesudah bebas", ListOutcomes(participant: id)),
        ]
        return all.compactMap(\.self)
    }

    private typealias Question = FanOut<Excerpt.Part>.Question

    private func whole<Method: RPCMethod>(_ what: String, _ request: Method) -> Question? {
        sections.contains(Method.section) ? question(what, request) { $0 } : nil
    }

    /// Who somebody is, without how the law holds them, which the same record has.
    private func identity(of id: ParticipantID) -> Question? {
        guard sections.contains(GetParticipant.section) else { return nil }
        return question("identitas", GetParticipant(participant: id)) {
            $0.dropping(["legal", "facilityCode", "placements", "releases", "diedOn"])
        }
    }

    /// The lines of a timeline that lie in the sections.
    private func lines<Method: RPCMethod, Kind: TimelineKind>(
        _ what: String, _ request: Method, _ kind: Kind.Type
    ) -> Question? {
        guard sections.contains(Method.section) else { return nil }
        let sections = sections
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
    /// A reply without some of its fields.
    fileprivate func dropping(_ fields: Set<String>) -> CBORValue {
        guard case .map(let pairs) = self else { return self }
        return .map(pairs.filter { !fields.contains(Table.word($0.key)) })
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
