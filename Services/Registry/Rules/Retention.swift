package import Vocabulary

/// How long a section must be kept before it may be erased, and on what ground.
package struct RetentionTerm: Hashable, Sendable {
    /// What the years are counted from.
    package enum Start: Hashable, Sendable {
        /// The last day on which the person was treated, examined or enrolled.
        case lastCare
    }

    package let section: Section
    package let years: Int
    package let start: Start
    /// The day from which this term is the law.
    package let since: Day
    /// What to tell the person who asked.
    package let ground: String

    package init(section: Section, years: Int, start: Start, since: Day, ground: String) {
        self.section = section
        self.years = years
        self.start = start
        self.since = since
        self.ground = ground
    }

    /// The last day of the term for somebody; nil where nothing has begun it.
    package func lastDay(lastCareOn: Day?) -> Day? {
        switch start {
        case .lastCare: lastCareOn?.adding(months: years * 12)
        }
    }
}

/// The terms of the law, by the day from which each holds.
///
/// - The medical record is kept for 25 years from the last visit (Permenkes 24/2022 on medical
///   records, in force since 2022-08-31). What identifies its subject is part of it (the same
///   regulation), so the identity is kept as long as the record that it makes somebody's.
/// - Counseling notes beyond the record, the course of the program and the register of somebody who
///   was released have no term in what this table rests on: UU 27/2022 (PDP), Articles 8 and 43,
///   then lets them go when the person asks.
///
/// Neither regulation was read article by article for this table; a lawyer must confirm it. A change
/// of the law is another row, never another number in an old one.
package enum RetentionTable {
    private static let medicalRecord =
        "Permenkes 24/2022: the medical record is kept for 25 years from the last visit"

    package static let terms = [
        RetentionTerm(
            section: .clinical, years: 25, start: .lastCare, since: Day(number: 19_235),
            ground: medicalRecord),
        RetentionTerm(
            section: .identity, years: 25, start: .lastCare, since: Day(number: 19_235),
            ground: medicalRecord + ", and it with whose record it is"),
    ]

    /// The term of a section that holds on a day: the newest one.
    package static func term(
        of section: Section, on day: Day, in terms: [RetentionTerm] = terms
    ) -> RetentionTerm? {
        terms.filter { $0.section == section && $0.since <= day }.max { $0.since < $1.since }
    }
}
