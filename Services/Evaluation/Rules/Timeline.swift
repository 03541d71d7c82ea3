package import EvaluationAPI
import Vocabulary

/// A participant's dossier, as far as this service knows it.
package enum Timeline {
    /// Dated lines in order of their days; it says nothing of what was found or said.
    package static func lines(
        evaluations: [PeriodicEvaluation], releases: [ReleaseFact], contacts: [Contact],
        outcomes: [OutcomeEvent], imported: [CohortEntry]
    ) -> [EvaluationTimelineLine] {
        var lines: [EvaluationTimelineLine] = []
        for evaluation in evaluations {
            let state = evaluation.status == .joint ? "joint" : "not yet signed by both sides"
            lines.append(
                EvaluationTimelineLine(
                    day: evaluation.heldOn, kind: .evaluation,
                    text: "evaluation \(evaluation.kind) held, \(state); recommendation: "
                        + evaluation.recommendation.rawValue,
                    record: evaluation.id.description))
            lines += evaluation.signatures.map {
                EvaluationTimelineLine(
                    day: $0.day, kind: .signature,
                    text: "evaluation \(evaluation.kind) signed for \($0.by.affiliation)",
                    record: evaluation.id.description)
            }
        }
        for release in releases {
            let dueBy = release.day.adding(days: Calendar.handoverDays)
            lines.append(
                EvaluationTimelineLine(day: release.day, kind: .release, text: "released"))
            lines.append(
                EvaluationTimelineLine(
                    day: dueBy, kind: .handoverDue, text: "last day for the hand-over"))
        }
        lines += contacts.map {
            EvaluationTimelineLine(
                day: $0.day, kind: .contact,
                text: "aftercare \($0.mode.rawValue), \($0.reached ? "reached" : "not reached")",
                record: $0.id.description)
        }
        lines += outcomes.compactMap { event in
            event.countedOn.map {
                let parole = event.paroleRevoked == true ? " (parole revoked)" : ""
                return EvaluationTimelineLine(
                    day: $0, kind: .outcome,
                    text: "\(event.kind.rawValue)\(parole), from \(event.source.rawValue)",
                    record: event.id.description)
            }
        }
        lines += imported.compactMap { entry in
            entry.releasedOn.map {
                EvaluationTimelineLine(
                    day: $0, kind: .imported,
                    text: "released, from the imported cohort \(entry.cohort)",
                    record: entry.enrollment.description)
            }
        }
        return lines.sorted { $0.sortKey < $1.sortKey }
    }
}

extension EvaluationTimelineLine {
    fileprivate var sortKey: (Day, String, String, String) {
        (day, kind.rawValue, record ?? "", text)
    }
}
