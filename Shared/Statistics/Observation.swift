/// How long one person was followed, and what ended it.
///
/// A time of zero is a person seen on the first day only: at risk on day 0, and counted, because
/// who leaves on the day of enrollment must not vanish from the retention.
package struct Observation: Hashable, Sendable {
    /// Why a time cannot be used.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case notFinite
        case negative(Double)

        package var description: String {
            switch self {
            case .notFinite:
                "A follow-up time is not a finite number of days: check the dates it came from."
            case .negative(let days):
                "A follow-up time of \(days) days ends before it begins: check the two dates."
            }
        }
    }

    /// From the beginning to the event, or to the last day that is known, in days.
    package let time: Double
    /// What happened at that time; nil where nothing had, and following ended (censored).
    package let cause: String?

    /// Whether anything happened, rather than following having ended.
    package var isEvent: Bool { cause != nil }

    /// The cause given to events where there is only one kind of them.
    package static let onlyCause = "event"

    /// Follows one person to one of several things that can happen.
    package init(time: Double, cause: String?) throws(Refusal) {
        guard time.isFinite else { throw .notFinite }
        guard time >= 0 else { throw .negative(time) }
        // Negative zero equals zero but would not print as it.
        self.time = time == 0 ? 0 : time
        self.cause = cause
    }

    /// Follows one person to the one thing that can happen.
    package init(time: Double, isEvent: Bool) throws(Refusal) {
        try self.init(time: time, cause: isEvent ? Self.onlyCause : nil)
    }

    /// Follows one person for whole days.
    package init(days: Int, cause: String?) throws(Refusal) {
        try self.init(time: Double(days), cause: cause)
    }

    /// Follows one person for whole days to the one thing that can happen.
    package init(days: Int, isEvent: Bool) throws(Refusal) {
        try self.init(time: Double(days), isEvent: isEvent)
    }
}
