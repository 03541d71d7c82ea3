package import Vocabulary

/// What the registry's feed has told of one enrollment.
package struct EnrollmentFact: Codable, Hashable, Sendable {
    package enum Status: String, Codable, Hashable, Sendable, CaseIterable {
        case active
        case onHold = "on-hold"
        case ended
    }

    /// Days on which the enrollment rests: transfer and return, hospital, court.
    package struct Hold: Codable, Hashable, Sendable {
        /// The first day on hold.
        package let from: Day
        /// The day of the return, which is not on hold; nil while it lasts.
        package let until: Day?

        package init(from: Day, until: Day?) {
            self.from = from
            self.until = until
        }

        package func contains(_ day: Day) -> Bool {
            guard day >= from else { return false }
            return until.map { day < $0 } ?? true
        }
    }

    /// How an enrollment stands on one day.
    package enum Standing: Hashable, Sendable {
        case notYetOpen
        case active
        case onHold
        case ended
    }

    package let participant: ParticipantID
    package let enrollment: EnrollmentID
    package let status: Status
    package let openedOn: Day
    package let endedOn: Day?
    package let holds: [Hold]

    package init(
        participant: ParticipantID, enrollment: EnrollmentID, status: Status, openedOn: Day,
        endedOn: Day? = nil, holds: [Hold] = []
    ) {
        self.participant = participant
        self.enrollment = enrollment
        self.status = status
        self.openedOn = openedOn
        self.endedOn = endedOn
        self.holds = holds
    }

    /// The same with another status.
    package func with(_ status: Status) -> EnrollmentFact {
        EnrollmentFact(
            participant: participant, enrollment: enrollment, status: status, openedOn: openedOn,
            endedOn: endedOn, holds: holds)
    }

    /// How the enrollment stood, or will stand, on a day.
    ///
    /// Sheets are typed in late, so the day of the session decides and not the day of the call.
    /// The day of the exit still counts as enrolled: what took place that morning took place.
    package func standing(on day: Day) -> Standing {
        if day < openedOn { return .notYetOpen }
        if let endedOn {
            if day > endedOn { return .ended }
        } else if status == .ended {
            return .ended
        }
        if holds.contains(where: { $0.contains(day) }) { return .onHold }
        // On hold since a day that was not announced: no day is safe to count.
        if status == .onHold, !holds.contains(where: { $0.until == nil }) { return .onHold }
        return .active
    }

    /// Days on hold, each counted once, up to and with `day` or to the end of the enrollment.
    ///
    /// Somebody who leaves on day 70 and is back on day 84 was 14 days on hold.
    package func daysOnHold(through day: Day) -> Int {
        let last = endedOn.map { min($0, day) } ?? day
        let spans = holds.map { hold in
            let end = min(hold.until ?? last.adding(days: 1), last.adding(days: 1))
            return (start: max(hold.from, openedOn), end: end)
        }
        var (total, counted) = (0, openedOn)
        for span in spans.sorted(by: { $0.start < $1.start }) {
            let start = max(span.start, counted)
            total += max(0, span.end.days(since: start))
            counted = max(counted, span.end)
        }
        return total
    }
}

/// What the registry's feed has told of the people a call is about.
package struct RegistryFacts: Hashable, Sendable {
    /// Who the registry has announced, enrolled or not.
    package let participants: Set<ParticipantID>
    package let enrollments: [EnrollmentFact]

    /// `participants` may leave out those who have an enrollment: they are known by that.
    package init(participants: Set<ParticipantID> = [], enrollments: [EnrollmentFact] = []) {
        self.participants = participants.union(enrollments.map(\.participant))
        self.enrollments = enrollments
    }

    package func knows(_ participant: ParticipantID) -> Bool { participants.contains(participant) }

    /// How somebody stands on a day; nil for somebody who was never enrolled.
    ///
    /// Of several enrollments the one that is active that day decides, then one on hold, then one
    /// that had ended.
    package func standing(
        of participant: ParticipantID, on day: Day
    ) -> EnrollmentFact.Standing? {
        let standings = enrollments.filter { $0.participant == participant }
            .map { $0.standing(on: day) }
        let order: [EnrollmentFact.Standing] = [.active, .onHold, .ended, .notYetOpen]
        return order.first { standings.contains($0) }
    }
}
