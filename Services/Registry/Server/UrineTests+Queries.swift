package import FoundationEssentials
package import Storage
package import Vocabulary

/// That a urine test was taken, as the clinical service's feed told; its result stays there.
package struct UrineTestCopy: StoredRecord, Hashable {
    package let id: UrineTestID
    package let participant: ParticipantID
    package let day: Day

    package static let noun: StaticString = "urine_test"
    package static let columns: [StaticString] = ["participant"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }

    package init(id: UrineTestID, participant: ParticipantID, day: Day) {
        self.id = id
        self.participant = participant
        self.day = day
    }
}

extension Reading where Self: ~Copyable {
    func urineTestDays(of participant: ParticipantID) throws -> [Day] {
        try all(UrineTestCopy.self, of: participant).map(\.day)
    }
}
