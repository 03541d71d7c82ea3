package import ClinicalAPI
package import FoundationEssentials
internal import RegistryFollower
package import Storage
internal import Vocabulary

extension Assessment: StoredRecord {
    package static let noun: StaticString = "assessment"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [
        SealedPart(
            .clinical,
            wholeWith: [
                "severity", "substances", "diagnoses", "recommendationReason", "correction",
            ])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    /// The assessments that decide what becomes of a call.
    func assessments(for call: RecordAssessment) throws -> [Assessment] {
        try all(
            Assessment.self, of: call.participant, and: [call.id.uuid, call.correction?.of.uuid])
    }

    /// Every assessment of the person that one speaks of; empty where there is no such one.
    func assessments(beside id: AssessmentID) throws -> [Assessment] {
        guard let assessment = try get(Assessment.self, id.uuid) else { return [] }
        return try all(Assessment.self, of: assessment.participant)
    }
}
