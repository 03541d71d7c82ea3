internal import Synchronization
internal import Vocabulary

/// How much of people's records is read, and how old what decides it may be.
package struct AccessBounds: Hashable, Sendable {
    /// Seconds after which what the registry told of consents is too old to show clinical records
    /// and notes by; nil where it may be of any age.
    package var registryAge: Int64?
    /// People whose clinical records or notes one caller reads within an hour.
    package var peopleHourly: Int
    /// An answer that somebody is not there leaves at a whole number of these after the call
    /// began: whoever does not exist takes as long as whoever is out of the caller's reach.
    ///
    /// More than the look-ups and the note of a refusal take on a usual disk.
    package var refusalStep: Duration

    package init(
        registryAge: Int64? = 900, peopleHourly: Int = 500,
        refusalStep: Duration = .milliseconds(20)
    ) {
        self.registryAge = registryAge
        self.peopleHourly = peopleHourly
        self.refusalStep = refusalStep
    }

    /// For a service that hears no feed, in a test.
    package static let unbounded = AccessBounds(
        registryAge: nil, peopleHourly: .max, refusalStep: .zero)
}

/// Counts whose records each caller has read within the last hour.
final class PeopleRead: Sendable {
    private static let hour: Int64 = 3600

    private let limit: Int
    private let readers = Mutex<[Identity: [ParticipantID: Timestamp]]>([:])

    init(limit: Int) { self.limit = limit }

    /// Counts that a caller is shown these people too, from now.
    ///
    /// Somebody who was read within the hour counts once.
    /// - Throws: where that would be too many; then none of them counts.
    func admit(
        _ people: Set<ParticipantID>, to reader: Identity, at now: Timestamp
    ) throws(TooManyPeople) {
        let excess = readers.withLock { readers -> TooManyPeople? in
            let start = Self.start(at: now)
            var read = readers[reader, default: [:]]
            if read.count + people.count > limit { read = read.filter { $0.value > start } }
            let new = people.filter { read[$0] == nil }
            guard read.count + new.count <= limit else {
                readers[reader] = read
                return TooManyPeople(read: read.count, further: new.count)
            }
            for person in people { read[person] = now }
            readers[reader] = read
            return nil
        }
        if let excess { throw excess }
    }

    /// Counts what was read before this process began; before anything else is counted.
    ///
    /// `reads`: of each reader and person the newest.
    func recall(_ reads: [CountedRead]) {
        readers.withLock { readers in
            for read in reads { readers[read.reader, default: [:]][read.participant] = read.at }
        }
    }

    /// When a read must have been at the earliest to count now.
    static func start(at now: Timestamp) -> Timestamp { now.adding(seconds: -hour) }
}
