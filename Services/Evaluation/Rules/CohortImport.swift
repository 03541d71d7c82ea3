package import EvaluationAPI
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
            guard row.releasedOn <= row.followedUntil else { throw .followUpReversed }
            guard row.followedUntil <= today else { throw .inFuture }
            if let event = row.firstEvent {
                guard (row.releasedOn...row.followedUntil).contains(event.day) else {
                    throw .eventOutsideFollowUp
                }
            }
            let scores = [row.baseline, row.exit].compactMap { $0 }
            let values = scores.flatMap { set in QualityDomain.allCases.compactMap { set[$0] } }
            guard values.allSatisfy({ (0...100).contains($0) }) else { throw .scoreOutOfRange }
        }
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
        return names
    }
}
