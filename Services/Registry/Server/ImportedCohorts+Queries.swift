internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    /// What is stored under the ids that an import names.
    func facts(for call: ImportCohort) throws -> ImportFacts {
        var facts = ImportFacts(facilityCodes: try facilityCodes(), programs: [:])
        for row in call.rows {
            facts.programs[row.program] = try get(Program.self, row.program.uuid)
            facts.participants[row.participant] = try get(
                Participant.self, row.participant.uuid)
            facts.enrollments[row.enrollment] = try get(Enrollment.self, row.enrollment.uuid)
        }
        return facts
    }
}
