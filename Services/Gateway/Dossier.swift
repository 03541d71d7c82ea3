import ClinicalAPI
import EvaluationAPI
import FoundationEssentials
import RegistryAPI
import Shared

/// What the services know of one person, in one timeline.
struct Dossier: Encodable, Equatable {
    /// Who it is and how they stand; only for those who may see who a record belongs to.
    ///
    /// Where they are held, and how, is of the section `legal`: it is left out of what is handed
    /// over without it.
    struct Header: Encodable, Equatable {
        let name: String
        let sex: Sex
        let birthDate: Day?
        let birthYear: Int?
        let facility: String?
        /// In which register book, and since when; none outside custody.
        let book: RegisterBook?
        let bookSince: Day?
        let status: LegalStatus?
        let block: String?
        let releasedOn: Day?
        let diedOn: Day?
        /// The record that stands for this one too.
        let mergedInto: ParticipantID?
    }

    /// One line of one service's timeline.
    struct Line: Encodable, Equatable {
        let day: Day
        /// Where the record knows the hour.
        let at: Timestamp?
        let service: ServiceName
        let kind: String
        let text: String
        let record: String?
    }

    let participant: ParticipantID
    let header: Header?
    /// The oldest first.
    let lines: [Line]
    /// Kinds of the registry's lines that the caller's role may not see.
    let withheld: [Open<RegistryTimelineLine.Kind>]
    let missing: [MissingPart]
}

/// What one leg of a dossier answers.
enum DossierPart: Sendable {
    case header(Participant)
    case registry(RegistryTimeline.Reply)
    case clinical(ParticipantTimeline.Reply)
    case evaluation(EvaluationTimeline.Reply)

    /// Asks for what can have something in one of these sections, and for nothing else; without
    /// them for all.
    static func questions(
        _ participant: ParticipantID, within sections: Set<Section>? = nil
    ) -> [FanOut<Self>.Question] {
        func isAsked<Kind: TimelineKind>(_ type: Kind.Type) -> Bool {
            type.allCases.contains { sections?.contains($0.section) ?? true }
        }
        let all: [(Bool, FanOut<Self>.Question)] = [
            (
                sections?.contains(GetParticipant.section) ?? true,
                .init(service: .registry, subject: "identity", isOnlyForSomeRoles: true) {
                    .header(try await $0.call(GetParticipant(participant: participant)))
                }
            ),
            (
                isAsked(RegistryTimelineLine.Kind.self),
                .init(service: .registry, subject: "timeline") {
                    .registry(try await $0.call(RegistryTimeline(participant: participant)))
                }
            ),
            (
                isAsked(TimelineLine.Kind.self),
                .init(service: .clinical, subject: "timeline") {
                    .clinical(try await $0.call(ParticipantTimeline(participant: participant)))
                }
            ),
            (
                isAsked(EvaluationTimelineLine.Kind.self),
                .init(service: .evaluation, subject: "timeline") {
                    .evaluation(try await $0.call(EvaluationTimeline(participant: participant)))
                }
            ),
        ]
        return all.filter(\.0).map(\.1)
    }
}

extension Dossier {
    /// `sections`: what it may hold, for whoever it is handed to; nil for all that was shown.
    init(
        _ participant: ParticipantID, parts: [DossierPart], missing: [MissingPart],
        within sections: Set<Section>? = nil
    ) {
        func fits<Kind: TimelineKind>(_ kind: Open<Kind>) -> Bool {
            sections.map(kind.lies) ?? true
        }
        var header: Header?
        var lines: [Line] = []
        var withheld: [Open<RegistryTimelineLine.Kind>] = []
        for part in parts {
            switch part {
            case .header(let participant):
                guard sections?.contains(.identity) ?? true else { continue }
                header = Header(participant, withLegal: sections?.contains(.legal) ?? true)
            case .registry(let reply):
                lines += reply.lines.filter { fits($0.kind) }.map(Line.init)
                withheld = reply.withheld
            case .clinical(let reply):
                lines += reply.lines.filter { fits($0.kind) }.map(Line.init)
            case .evaluation(let reply):
                lines += reply.lines.filter { fits($0.kind) }.map(Line.init)
            }
        }
        self.participant = participant
        self.header = header
        self.withheld = withheld
        self.missing = missing
        self.lines = Self.inOrder(lines)
    }

    /// By day and hour; what has no hour comes first of its day, a service's own order stays.
    private static func inOrder(_ lines: [Line]) -> [Line] {
        func key(_ index: Int) -> (Day, Int64, Int, Int) {
            let line = lines[index]
            let service = ServiceName.allCases.firstIndex(of: line.service) ?? 0
            return (line.day, line.at?.microseconds ?? .min, service, index)
        }
        return lines.indices.sorted { key($0) < key($1) }.map { lines[$0] }
    }
}

extension Dossier.Line {
    init(_ line: RegistryTimelineLine) {
        self.init(
            day: line.day, at: line.at, service: .registry, kind: line.kind.rawValue,
            text: line.text, record: line.record)
    }

    init(_ line: TimelineLine) {
        self.init(
            day: line.day, at: line.at, service: .clinical, kind: line.kind.rawValue,
            text: line.title, record: line.record.uuidString.lowercased())
    }

    init(_ line: EvaluationTimelineLine) {
        self.init(
            day: line.day, at: nil, service: .evaluation, kind: line.kind.rawValue,
            text: line.text, record: line.record)
    }
}

extension Dossier.Header {
    init(_ participant: Participant, withLegal: Bool) {
        let entry = withLegal ? participant.legal.register.last { $0.until == nil } : nil
        name = participant.identity.name
        sex = participant.identity.sex
        birthDate = participant.identity.birthDate
        birthYear = participant.identity.birthYear
        facility = withLegal ? participant.facilityCode : nil
        book = entry?.number.book
        bookSince = entry?.from
        status = entry?.number.book.legalStatus
        block = withLegal ? participant.placements.last { $0.until == nil }?.block : nil
        releasedOn = withLegal && entry == nil ? participant.releases.last?.day : nil
        diedOn = withLegal ? participant.diedOn : nil
        mergedInto = participant.mergedInto
    }
}
