package import EvaluationAPI
package import Vocabulary

/// Recording what happened to people, and how far it is known.
package enum Outcomes {
    /// Decides whether an event is recorded.
    ///
    /// `admittedOn` is the participant's first admission, nil where the copy of the registry has
    /// none; `standing` is the event with the same id, and the answer again where the call was
    /// made before.
    package static func record(
        _ call: RecordOutcome, by person: PersonIdentity, admittedOn: Day?,
        standing: OutcomeEvent?, on today: Day
    ) throws(RecordOutcome.Refusal) -> OutcomeEvent {
        let event = call.event
        if let standing {
            guard standing == event else { throw .idTaken }
            return standing
        }
        guard mayReport(event.source, person.role) else { throw .sourceNotYours }
        guard let admittedOn else { throw .participantUnknown }
        if event.day != nil {
            let hasInterval = event.lastNegativeOn != nil || event.firstPositiveOn != nil
            guard !hasInterval else { throw .dayAndInterval }
        }
        guard let day = event.countedOn else { throw .dayMissing }
        if let last = event.lastNegativeOn {
            guard last < day else { throw .intervalReversed }
        }
        guard day >= admittedOn else { throw .beforeAdmission }
        guard event.reportedOn <= today, day <= today else { throw .inFuture }
        guard day <= event.knownUntil, event.knownUntil <= event.reportedOn else {
            throw .notKnownYet
        }
        let isCustody = event.kind == .returnToCustody
        guard event.paroleRevoked != true || isCustody else { throw .paroleNotACrime }
        return event
    }

    private static func mayReport(_ source: OutcomeSource, _ role: Role) -> Bool {
        switch source {
        case .register, .court: [.registrar, .integratedTeam].contains(role)
        case .contact, .selfReport: Set<Role>.aftercare.contains(role)
        }
    }

    /// Moves the register's clock forward; it never runs back.
    package static func moved(_ old: FollowUp, registerUntil day: Day) -> FollowUp {
        var new = old
        new.registerUntil = max(old.registerUntil ?? day, day)
        return new
    }

    /// Moves both clocks by what a contact and an event tell.
    package static func moved(_ old: FollowUp, by contact: Contact) -> FollowUp {
        guard contact.reached else { return old }
        var new = old
        new.contactUntil = max(old.contactUntil ?? contact.day, contact.day)
        return new
    }

    /// The calls' limits, checked before anything is read.
    package static func check(
        _ call: RecordFollowUp, on today: Day
    ) throws(RecordFollowUp.Refusal) {
        guard call.participants.count <= RecordFollowUp.participantsMax else { throw .tooMany }
        guard call.registerUntil <= today else { throw .inFuture }
    }
}
