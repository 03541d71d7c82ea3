/// A time in which a verdict held against somebody: they stood in a book for convicts, or had since
/// left custody, and in none for detainees.
package struct VerdictPeriod: Codable, Hashable, Sendable {
    package let from: Day
    /// The day on which they came before a court again; absent while none did.
    package let until: Day?

    package init(from: Day, until: Day?) {
        self.from = from
        self.until = until
    }

    package func contains(_ day: Day) -> Bool {
        from <= day && until.map { day < $0 } ?? true
    }
}
