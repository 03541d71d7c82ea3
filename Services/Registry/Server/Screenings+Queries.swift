package import FoundationEssentials
internal import RegistryRules
package import Storage
package import Vocabulary

/// What the clinical service's feed told of one screening.
///
/// A copy: the clinical journal has the fact itself.
package struct ScreeningCopy: StoredRecord, Hashable {
    package let administration: AdministrationID
    package let participant: ParticipantID
    package let day: Day
    /// `low`, `moderate` or `high`; absent where no drug besides tobacco and alcohol was scored.
    package let highestDrugBand: String?
    /// The administration that this one corrects, which no longer counts.
    package let replaces: AdministrationID?

    package static let noun: StaticString = "screening"
    package static let columns: [StaticString] = ["participant", "replaces"]
    package static let sealed = [SealedPart(.clinical, ["highestDrugBand": .absent])]
    package var key: UUID { administration.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant), .id(replaces)] }

    package init(
        administration: AdministrationID, participant: ParticipantID, day: Day,
        highestDrugBand: String?, replaces: AdministrationID?
    ) {
        self.administration = administration
        self.participant = participant
        self.day = day
        self.highestDrugBand = highestDrugBand
        self.replaces = replaces
    }
}

extension Reading where Self: ~Copyable {
    /// The screenings of a person that stand and have a band.
    func screenings(of participant: ParticipantID) throws -> [ScreeningFact] {
        let copies = try records(of: participant).flatMap { record in
            try all(
                ScreeningCopy.self,
                where: """
                    participant = ? AND key NOT IN (
                        SELECT replaces FROM screening WHERE replaces IS NOT NULL)
                    """, [.id(record)])
        }
        return copies.compactMap { copy in
            copy.highestDrugBand.map { band in
                ScreeningFact(
                    participant: copy.participant, day: copy.day, highestDrugBand: band)
            }
        }
    }
}
