package import RegistryAPI
package import Vocabulary

/// The earliest day on which somebody may leave custody, and which date says so.
package struct EarliestRelease: Hashable, Sendable {
    package let day: Day
    package let kind: ReleaseDate.Kind

    package init(day: Day, kind: ReleaseDate.Kind) {
        self.day = day
        self.kind = kind
    }
}

/// Reads the list of release dates.
///
/// Within a kind the date recorded last holds, so an extension takes the place of what it
/// extends; remissions and fine-substitute terms add up instead. An entry with neither date nor
/// days withdraws what its kind said before.
package enum ReleaseRules {
    /// Days within which a released person is handed over to aftercare.
    package static let handoverDays = 21

    /// The earliest of the dates; nil where none is recorded.
    ///
    /// A convict is no longer held by a detention order, so its end is left out for them. A
    /// date that has passed stands: it says that the person may leave any day. A fine-substitute
    /// term only ever makes a release later, and falls away when the fine is paid, so it is left
    /// out too.
    package static func earliest(
        _ dates: [ReleaseDate], status: LegalStatus?
    ) -> EarliestRelease? {
        var found: [EarliestRelease] = []
        if status != .convict, let day = date(of: .detentionExpiry, in: dates) {
            found.append(EarliestRelease(day: day, kind: .detentionExpiry))
        }
        if let day = date(of: .sentenceExpiry, in: dates) {
            found.append(
                EarliestRelease(
                    day: day.adding(days: -sum(of: .remission, in: dates)), kind: .sentenceExpiry))
        }
        if let day = date(of: .twoThirds, in: dates) {
            found.append(EarliestRelease(day: day, kind: .twoThirds))
        }
        return found.min { $0.day < $1.day }
    }

    /// The end of the sentence after remissions, with the fine-substitute term served.
    package static func sentenceEnd(_ dates: [ReleaseDate]) -> Day? {
        date(of: .sentenceExpiry, in: dates)?.adding(
            days: sum(of: .fineSubstitute, in: dates) - sum(of: .remission, in: dates))
    }

    /// The last day for handing somebody over to aftercare.
    package static func handoverDue(releasedOn day: Day) -> Day {
        day.adding(days: handoverDays)
    }

    private static func date(of kind: ReleaseDate.Kind, in dates: [ReleaseDate]) -> Day? {
        dates.last { $0.kind == kind }?.date
    }

    private static func sum(of kind: ReleaseDate.Kind, in dates: [ReleaseDate]) -> Int {
        let ofKind = dates.filter { $0.kind == kind }
        let withdrawn = ofKind.lastIndex { $0.days == nil }
        let standing = ofKind.suffix(from: withdrawn.map { $0 + 1 } ?? 0)
        return standing.reduce(0) { $0 + ($1.days ?? 0) }
    }
}
