/// How often the journal is looked over, and its head told.
package struct JournalPace: Sendable {
    /// Between two deposits of the head with one witness.
    package var deposit = Duration.seconds(4)
    /// Between two attempts with one that does not answer.
    package var unheard = Duration.seconds(1)
    /// How long a witness may take for one call.
    package var patience = Duration.seconds(2)
    /// Between two rounds over the own journal.
    package var round = Duration.seconds(1)
    /// How long a round may take: a twentieth of the time between two.
    package var slice = Duration.milliseconds(50)

    package init() {}
}
