import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared

/// Everything that the services keep of one person, for that person.
struct SubjectCopy: Encodable {
    /// What one service answered to one question, as it came.
    struct Part: Encodable, Sendable {
        let service: ServiceName
        let what: String
        let content: CBORValue
    }

    let participant: ParticipantID
    let parts: [Part]
    let missing: [MissingPart]

    static func questions(_ id: ParticipantID) -> [FanOut<Part>.Question] {
        [
            question("identitas dan status hukum", GetParticipant(participant: id)),
            question("data minimum", ListItems(participant: id)),
            question("persetujuan", ListConsents(participant: id)),
            question("keputusan tim", ListDecisions(participant: id)),
            question("riwayat registrasi", RegistryTimeline(participant: id)),
            question("pemberian data kepada pihak lain", ListDisclosures(participant: id)),
            question("asesmen", ListAssessments(participant: id)),
            question("kuesioner", ListAdministrations(participant: id)),
            question("rencana", GetPlan(participant: id)),
            question("tes urine", ListUrineTests(participant: id)),
            question("catatan konseling", ListNotes(participant: id)),
            question("riwayat klinis", ParticipantTimeline(participant: id)),
            question("evaluasi", EvaluationTimeline(participant: id)),
            question("kontak pascarehabilitasi", ListContacts(participant: id)),
            question("kejadian sesudah bebas", ListOutcomes(participant: id)),
        ]
    }

    private static func question<Method: RPCMethod>(
        _ what: String, _ request: Method
    ) -> FanOut<Part>.Question {
        // Every method's name begins with its service's.
        let service = ServiceName(rawValue: String(Method.name.text.prefix { $0 != "." }))
        return .init(service: service ?? .registry, subject: what) { caller in
            Part(
                service: service ?? .registry, what: what,
                content: try await caller.call(AsItCame(request)))
        }
    }

    /// A heading and a table for each part.
    func text() throws -> String {
        let sections = try parts.map { part in
            "\(part.what.uppercased()) (\(part.service.rawValue))\n"
                + (try Document(part.content).text(.table))
        }
        let gaps = missing.map { "? \($0.part) dari \($0.service) tidak ada: \($0.reason)" }
        return (["Salinan data peserta \(participant)"] + sections + gaps)
            .joined(separator: "\n\n")
    }
}
