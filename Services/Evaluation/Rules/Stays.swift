package import Vocabulary

/// Finds the stay that a record of the clinical service belongs to.
package struct StayLookup: Sendable {
    /// What was taken for the start belongs to a stay that began within so many days after.
    ///
    /// Entry asks for a screening and a urine test beforehand. Three months is how far back the
    /// screening's own questions reach.
    package static let daysBeforeAdmission = 90

    private let merged: MergedRecords
    /// By person, the latest admission first.
    private let stays: [ParticipantID: [EnrollmentFact]]

    package init(_ enrollments: [EnrollmentFact], merged: MergedRecords) {
        self.merged = merged
        stays = Dictionary(grouping: enrollments) { merged.person($0.participant) }
            .mapValues { $0.sorted { ($1.admittedOn, $1.id) < ($0.admittedOn, $0.id) } }
    }

    /// The stay of a participant on a day, from the admission to the day of the exit.
    ///
    /// A stay under the record itself comes before one under a record of the same person. On the
    /// day on which one stay ended and another began it is the later one. With `isForStart` also
    /// the next stay, where it began soon after; nil where there is none.
    package func stay(
        of participant: ParticipantID, on day: Day, isForStart: Bool = false
    ) -> EnrollmentID? {
        let all = stays[merged.person(participant)] ?? []
        let own = all.filter { $0.participant == participant }
        if let found = own.first(where: { $0.covers(day) }) ?? all.first(where: { $0.covers(day) })
        {
            return found.id
        }
        guard isForStart else { return nil }
        let next = own.last { $0.admittedOn > day } ?? all.last { $0.admittedOn > day }
        return next.flatMap {
            $0.admittedOn.days(since: day) <= Self.daysBeforeAdmission ? $0.id : nil
        }
    }

    /// What one session's sheet says of each stay.
    ///
    /// A person who stands on the sheet under two records counts once, by the mark that is best
    /// for them: whoever was there under one name was there.
    package func attendance(
        on day: Day, type: String,
        _ lines: [(participant: ParticipantID, mark: AttendanceFact.Mark)]
    ) -> [AttendanceFact] {
        Dictionary(grouping: lines) { merged.person($0.participant) }.values.compactMap { lines in
            let best = lines.min { ($0.mark.rank, $0.participant) < ($1.mark.rank, $1.participant) }
            return best.flatMap { line in
                stay(of: line.participant, on: day).map {
                    AttendanceFact(enrollment: $0, day: day, type: type, mark: line.mark)
                }
            }
        }
    }
}

extension EnrollmentFact {
    /// Whether a day lies within the stay, the days of admission and exit among them.
    func covers(_ day: Day) -> Bool {
        admittedOn <= day && (exit.map { day <= $0.day } ?? true)
    }
}

extension AttendanceFact.Mark {
    /// The lower, the better for the person.
    fileprivate var rank: Int {
        switch self {
        case .attended: 0
        case .excused: 1
        case .missed: 2
        case .cancelled: 3
        }
    }
}
