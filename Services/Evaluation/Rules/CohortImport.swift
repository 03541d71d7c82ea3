package import EvaluationAPI
import RegistryAPI
package import Vocabulary

/// Importing earlier cohorts.
package enum CohortImport {
    /// Checks every row before any is stored, so that a slip never leaves half a file behind.
    package static func check(
        _ call: ImportCohortOutcomes, on today: Day
    ) throws(ImportCohortOutcomes.Refusal) {
        guard call.rows.count <= ImportCohortOutcomes.rowsMax else { throw .tooMany }
        for row in call.rows {
            guard row.cohort.contains(where: { !$0.isWhitespace }) else { throw .cohortMissing }
            try checkDays(row, on: today)
            guard row.exitStatus.map({ ExitClass(rawValue: $0) != nil }) ?? true else {
                throw .exitUnknown
            }
            let scores = [row.baseline, row.exit].compactMap { $0 }
            let values = scores.flatMap { set in QualityDomain.allCases.compactMap { set[$0] } }
            guard values.allSatisfy({ (0...100).contains($0) }) else { throw .scoreOutOfRange }
        }
    }

    private static func checkDays(
        _ row: CohortEntry, on today: Day
    ) throws(ImportCohortOutcomes.Refusal) {
        let (release, end, event) = (row.releasedOn, row.followedUntil, row.firstEvent?.day)
        let known = [row.admittedOn, row.exitedOn, release, end, event].compactMap { $0 }
        guard known.allSatisfy({ $0 <= today }) else { throw .inFuture }
        guard isOrdered(row.admittedOn, row.exitedOn, release) else { throw .stayReversed }
        guard isOrdered(release, end) else { throw .followUpReversed }
        if let event {
            guard isOrdered(release, event, end) else { throw .eventOutsideFollowUp }
        }
    }

    /// Whether each of the known days is on or after those before it.
    private static func isOrdered(_ days: Day?...) -> Bool {
        let known = days.compactMap { $0 }
        return zip(known, known.dropFirst()).allSatisfy { $0 <= $1 }
    }

    /// What becomes of each row, and which entries are to be stored.
    ///
    /// A row that differs from the stored one, or from an earlier row of the call, is a conflict
    /// and changes nothing.
    package static func decide(
        _ rows: [CohortEntry], standing: [EnrollmentID: CohortEntry]
    ) -> (results: [CohortRowResult], store: [CohortEntry]) {
        var known = standing
        var results: [CohortRowResult] = []
        var store: [CohortEntry] = []
        for row in rows {
            if let old = known[row.enrollment] {
                let differing = fieldsDiffering(old, row)
                results.append(
                    CohortRowResult(
                        enrollment: row.enrollment,
                        verdict: differing.isEmpty ? .unchanged : .conflict,
                        differing: differing.isEmpty ? nil : differing))
            } else {
                known[row.enrollment] = row
                store.append(row)
                results.append(CohortRowResult(enrollment: row.enrollment, verdict: .created))
            }
        }
        return (results, store)
    }

    private static func fieldsDiffering(_ one: CohortEntry, _ other: CohortEntry) -> [String] {
        var names: [String] = []
        if one.participant != other.participant { names.append("participant") }
        if one.cohort != other.cohort { names.append("cohort") }
        if one.releasedOn != other.releasedOn { names.append("releasedOn") }
        if one.followedUntil != other.followedUntil { names.append("followedUntil") }
        if one.firstEvent != other.firstEvent { names.append("firstEvent") }
        if one.baseline != other.baseline { names.append("baseline") }
        if one.exit != other.exit { names.append("exit") }
        if one.group != other.group { names.append("group") }
        if one.programCode != other.programCode { names.append("programCode") }
        if one.sex != other.sex { names.append("sex") }
        if one.admittedOn != other.admittedOn { names.append("admittedOn") }
        if one.exitedOn != other.exitedOn { names.append("exitedOn") }
        if one.exitStatus != other.exitStatus { names.append("exitStatus") }
        return names
    }
}
