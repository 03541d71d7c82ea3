package import FoundationEssentials
package import RegistryAPI
internal import RegistryRules
package import Storage
internal import Vocabulary

extension ImportedEpisode: StoredRecord {
    package static let noun: StaticString = "imported_episode"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [SealedPart(.program, ["exitReason": .absent])]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    /// What is stored under the ids that an import names.
    func facts(for call: ImportCohort) throws -> ImportFacts {
        var facts = ImportFacts(facilityCodes: try facilityCodes(), programs: [:])
        for row in call.rows {
            facts.programs[row.program] = try get(Program.self, row.program.uuid)
            facts.participants[row.participant] = try get(
                Participant.self, row.participant.uuid)
            facts.enrollments[row.enrollment] = try get(Enrollment.self, row.enrollment.uuid)
            facts.episodes[row.enrollment] = try get(ImportedEpisode.self, row.enrollment.uuid)
        }
        return facts
    }

    /// One page of imported episodes, and where the next begins.
    func page(of call: ListImportedEpisodes, limit: Int) throws -> ListImportedEpisodes.Reply {
        var found: [ImportedEpisode] = []
        if let participant = call.participant {
            found = try all(ImportedEpisode.self, of: participant)
                .filter { episode in call.after.map { $0 < episode.id } ?? true }
            found.sort { $0.id < $1.id }
        } else {
            found = try all(
                ImportedEpisode.self, where: "key > ?",
                [call.after.map { .id($0) } ?? .blob([])], limit: limit + 1)
        }
        let shown = Array(found.prefix(limit))
        return ListImportedEpisodes.Reply(
            episodes: shown, next: found.count > limit ? shown.last?.id : nil)
    }
}
