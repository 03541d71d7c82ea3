internal import EvaluationRules
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    /// Everything that a report is computed from.
    ///
    /// All stays are read, whatever program is asked for: the rules choose, and they follow a
    /// person through every record that stands for them.
    func effectivenessFacts(at now: Timestamp) throws -> EffectivenessFacts {
        var facts = EffectivenessFacts()
        facts.sources = try sources(at: now)
        facts.enrollments = try enrollments(programCode: nil)
        facts.plannedDays = try plannedDays()
        facts.participants = try participants()
        let stays = StayLookup(facts.enrollments, merged: MergedRecords(facts.participants))
        facts.attendance = try sessions().flatMap { $0.facts(stays) }
        facts.urine = try urineTests().compactMap { $0.fact(stays) }
        facts.scores = try scores().flatMap { $0.facts(stays) }
        facts.releases = try releases()
        facts.outcomes = try outcomes()
        facts.followUps = try followUps()
        facts.contacts = try contacts()
        facts.imported = try imported()
        return facts
    }
}
