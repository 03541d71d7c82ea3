package import EvaluationAPI
package import RegistryAPI
import Vocabulary

extension ExitGroup {
    /// How figures count one of the registry's exit classes.
    package init(_ exitClass: ExitClass) {
        switch exitClass {
        case .completed: self = .successful
        case .withdrew, .removed, .escaped: self = .unsuccessful
        case .partlyCompleted, .released, .transferred, .referred, .died: self = .administrative
        }
    }
}

extension EnrollmentFact {
    /// The stay that an imported entry tells of; nil where it lacks admission, exit or program.
    ///
    /// The registry has the same stay as an enrollment, and its word counts as soon as it is
    /// here.
    init?(_ entry: CohortEntry, plannedDays: [String: Int]) {
        guard let programCode = entry.programCode, let admittedOn = entry.admittedOn,
            let day = entry.exitedOn, let status = entry.exitStatus,
            let exitClass = ExitClass(rawValue: status)
        else { return nil }
        self.init(
            id: entry.enrollment, participant: entry.participant, programCode: programCode,
            cohort: entry.cohort, group: entry.group, admittedOn: admittedOn,
            plannedDays: plannedDays[programCode] ?? 0,
            exit: ExitFact(day: day, status: status, group: ExitGroup(exitClass)))
    }
}

extension EffectivenessFacts {
    /// Every stay, once: those of the registry, and those that only an import tells of so far.
    var stays: [EnrollmentFact] {
        let known = Set(enrollments.map(\.id))
        return enrollments
            + imported.filter { !known.contains($0.enrollment) }.compactMap {
                EnrollmentFact($0, plannedDays: plannedDays)
            }
    }
}
