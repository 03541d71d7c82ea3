/// What is known of a person when somebody asks for their records.
package struct PersonStanding: Hashable, Sendable {
    /// All records of the person after merges, with the one that stands for them first.
    package let records: [ParticipantID]
    /// Where they are held, or were last.
    package let facilityCode: String
    /// The institutions that have an agreement with that facility.
    package let partnerCodes: Set<String>
    /// Those of all records.
    package let consents: [ConsentTerm]
    /// The ends of their enrollments.
    package let exits: [Day]
    package let releases: [Day]
    /// The day it is where they are held.
    package let today: Day
    /// What was granted of the requests of police, prosecutor and court.
    package let legalGrants: [LegalGrant]
    /// What may not be read for the time being, because the person asked for that.
    package let restricted: Set<Section>
    /// Whether they stand in a book for detainees: no verdict holds yet.
    package let isOnTrial: Bool
    /// When a verdict held; nil for somebody of whom no register book is known.
    package let verdicts: [VerdictPeriod]?

    package init(
        records: [ParticipantID], facilityCode: String, partnerCodes: Set<String>,
        consents: [ConsentTerm], exits: [Day], releases: [Day], today: Day,
        legalGrants: [LegalGrant] = [], restricted: Set<Section> = [], isOnTrial: Bool = false,
        verdicts: [VerdictPeriod]? = nil
    ) {
        self.records = records
        self.facilityCode = facilityCode
        self.partnerCodes = partnerCodes
        self.consents = consents
        self.exits = exits
        self.releases = releases
        self.today = today
        self.legalGrants = legalGrants
        self.restricted = restricted
        self.isOnTrial = isOnTrial
        self.verdicts = verdicts
    }

    /// Whether what they told on a day was told before a verdict.
    package func isBeforeVerdict(_ day: Day) -> Bool {
        verdicts.map { periods in !periods.contains { $0.contains(day) } } ?? false
    }

    /// Whether a granted request of police, prosecutor or court covers a section today.
    package func isGrantedByLaw(_ section: Section) -> Bool {
        legalGrants.contains {
            $0.sections.contains(section) && $0.from <= today && today <= $0.through
        }
    }
}
