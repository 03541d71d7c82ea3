import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared

/// A kind of line in a service's timeline, which has the section of the record behind it.
protocol TimelineKind: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    var section: Section { get }
}

extension RegistryTimelineLine.Kind: TimelineKind {}
extension TimelineLine.Kind: TimelineKind {}
extension EvaluationTimelineLine.Kind: TimelineKind {}

extension Open where Value: TimelineKind {
    /// Whether such a line may stand where no more than these sections may; of a kind that this
    /// program does not know nobody can say it.
    func lies(in sections: Set<Section>) -> Bool {
        known.map { sections.contains($0.section) } ?? false
    }
}
