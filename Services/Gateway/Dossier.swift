import ClinicalAPI
import EvaluationAPI
import FoundationEssentials
import RegistryAPI
import Shared

/// What the services know of one person, in one timeline.
struct Dossier: Encodable, Equatable {
    /// Who it is and how they stand; only for those who may see who a record belongs to.
    struct Header: Encodable, Equatable {
        let name: String
        let sex: Sex
        let birthDate: Day?
        let birthYear: Int?
        let facility: String
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

    static func questions(_ participant: ParticipantID) -> [FanOut<Self>.Question] {
        [
            .init(service: .registry, subject: "identity", isOnlyForSomeRoles: true) {
                .header(try await $0.call(GetParticipant(participant: participant)))
            },
            .init(service: .registry, subject: "timeline") {
                .registry(try await $0.call(RegistryTimeline(participant: participant)))
            },
            .init(service: .clinical, subject: "timeline") {
                .clinical(try await $0.call(ParticipantTimeline(participant: participant)))
            },
            .init(service: .evaluation, subject: "timeline") {
                .evaluation(try await $0.call(EvaluationTimeline(participant: participant)))
            },
        ]
    }
}

extension Dossier {
    init(_ participant: ParticipantID, parts: [DossierPart], missing: [MissingPart]) {
        var header: Header?
        var lines: [Line] = []
        var withheld: [Open<RegistryTimelineLine.Kind>] = []
        for part in parts {
            switch part {
            case .header(let participant): header = Header(participant)
            case .registry(let reply):
                lines += reply.lines.map(Line.init)
                withheld = reply.withheld
            case .clinical(let reply): lines += reply.lines.map(Line.init)
            case .evaluation(let reply): lines += reply.lines.map(Line.init)
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
    init(_ participant: Participant) {
        let entry = participant.legal.register.last { $0.until == nil }
        name = participant.identity.name
        sex = participant.identity.sex
        birthDate = participant.identity.birthDate
        birthYear = participant.identity.birthYear
        facility = participant.facilityCode
        book = entry?.number.book
        bookSince = entry?.from
        status = entry?.number.book.legalStatus
        block = participant.placements.last { $0.until == nil }?.block
        releasedOn = entry == nil ? participant.releases.last?.day : nil
        diedOn = participant.diedOn
        mergedInto = participant.mergedInto
    }
}
