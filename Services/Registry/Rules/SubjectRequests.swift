import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on people's requests about their own data.
package enum SubjectRequestRules {
    /// How long an answer may take (UU 27/2022, articles 30 to 33 and 40), in seconds.
    static let answerSeconds: Int64 = 3 * 24 * 3600
    /// What may be restricted: who holds somebody must know who they are and why (UU 22/2022), and
    /// article 15 of UU 27/2022 excepts what enforcing the law needs.
    package static let restrictable: Set<Section> = [.program, .clinical, .counseling]

    /// Enters a request, whose clock runs from when an officer got it.
    package static func enter(
        _ call: EnterSubjectRequest, existing: SubjectRequest?, event: RegisterEvent
    ) throws -> SubjectRequest {
        typealias Reason = EnterSubjectRequest.Refusal
        try Input.text(call.words, "words", max: Input.textMax)
        let received = call.receivedAt ?? existing?.receivedAt ?? event.now
        guard received <= event.now else {
            throw InvalidInput("receivedAt", "must not lie in the future")
        }
        if let sections = call.sections { try Input.sections(sections, "sections") }
        if call.kind == .restriction {
            guard let sections = call.sections else {
                throw InvalidInput("sections", "say what is to be read no more")
            }
            if let held = sections.first(where: { !restrictable.contains($0) }) {
                throw Refused(Reason.heldByLaw, held.rawValue)
            }
        }
        let request = SubjectRequest(
            id: call.id, participant: call.participant, kind: call.kind, channel: call.channel,
            words: call.words, sections: call.sections ?? [], receivedAt: received,
            dueAt: received.adding(seconds: answerSeconds),
            entered: existing?.entered ?? event.step)
        if let existing {
            var first = existing
            (first.answers, first.lifted, first.liftedFor) = ([], nil, nil)
            guard first == request else { throw Refused(Reason.idTaken) }
            return existing
        }
        return request
    }

    /// Adds an answer, which takes the place of the one before.
    ///
    /// `consents` are the person's.
    package static func answer(
        _ call: AnswerSubjectRequest, to request: SubjectRequest, consents: [Consent],
        event: RegisterEvent
    ) throws -> SubjectRequest {
        try Input.text(call.ground, "ground", max: Input.textMax)
        let sections = try granted(call, of: request)
        try checkWithdrawal(call, request, consents)
        try checkCorrection(call, request)
        try checkRetention(call, request, today: event.today)
        var answered = request
        answered.answers.append(
            SubjectAnswer(
                outcome: call.outcome, ground: call.ground, sections: sections,
                correction: call.correction, consent: call.consent, retention: call.retention,
                answered: event.step))
        return answered
    }

    /// What is granted: all that was asked, or a part of it.
    private static func granted(
        _ call: AnswerSubjectRequest, of request: SubjectRequest
    ) throws -> [Section] {
        guard let sections = call.sections else {
            let isOfParts = request.kind == .restriction || request.kind == .copy
            if call.outcome == .partly, isOfParts {
                throw InvalidInput("sections", "say which part of what was asked is granted")
            }
            return call.outcome == .refused ? [] : request.sections
        }
        guard call.outcome == .partly else {
            throw InvalidInput("sections", "goes with what is granted partly only")
        }
        try Input.sections(sections, "sections")
        if let other = sections.first(where: {
            !request.sections.isEmpty && !request.sections.contains($0)
        }) {
            throw Refused(AnswerSubjectRequest.Refusal.notAsked, other.rawValue)
        }
        return sections
    }

    private static func checkWithdrawal(
        _ call: AnswerSubjectRequest, _ request: SubjectRequest, _ consents: [Consent]
    ) throws {
        typealias Reason = AnswerSubjectRequest.Refusal
        guard request.kind == .withdrawal else {
            guard call.consent == nil else {
                throw InvalidInput("consent", "goes with a withdrawal only")
            }
            return
        }
        guard call.outcome != .refused else { throw Refused(Reason.withdrawalRefused) }
        guard let consent = consents.first(where: { $0.id == call.consent }),
            !consent.revocations.isEmpty
        else { throw Refused(Reason.consentStands) }
    }

    private static func checkCorrection(
        _ call: AnswerSubjectRequest, _ request: SubjectRequest
    ) throws {
        guard let correction = call.correction else {
            if request.kind == .correction, call.outcome != .refused {
                throw Refused(AnswerSubjectRequest.Refusal.correctionMissing)
            }
            return
        }
        guard request.kind == .correction, call.outcome != .refused else {
            throw InvalidInput("correction", "goes with a granted correction only")
        }
        try Input.text(correction.field, "correction.field")
        try Input.text(correction.reason, "correction.reason", max: Input.textMax)
        try Input.text(correction.record, "correction.record")
        try Input.text(correction.newRecord, "correction.newRecord")
        try Input.optionalText(correction.old, "correction.old", max: Input.textMax)
        try Input.optionalText(correction.new, "correction.new", max: Input.textMax)
        guard correction.section.isPersonal else {
            throw InvalidInput("correction.section", "must be a section of the person's record")
        }
        let isElsewhere = correction.section.needsPurpose
        guard (correction.old == nil) == isElsewhere, (correction.new == nil) == isElsewhere else {
            throw InvalidInput(
                "correction.old",
                isElsewhere
                    ? "what is clinical stays in its own records: give their ids only"
                    : "the old value stands beside the new one: give both")
        }
    }

    private static func checkRetention(
        _ call: AnswerSubjectRequest, _ request: SubjectRequest, today: Day
    ) throws {
        guard let retention = call.retention else {
            if request.kind == .erasure, call.outcome != .granted {
                throw Refused(AnswerSubjectRequest.Refusal.retentionMissing)
            }
            return
        }
        guard request.kind == .erasure, call.outcome != .granted else {
            throw InvalidInput("retention", "goes with an erasure that is not granted in whole")
        }
        try Input.text(retention.law, "retention.law")
        try Input.order(retention.until, "retention.until", notBefore: today, of: "today")
    }

    /// Ends a restriction.
    package static func lift(
        _ call: LiftRestriction, of request: SubjectRequest, event: RegisterEvent
    ) throws -> SubjectRequest {
        try Input.text(call.reason, "reason", max: Input.textMax)
        guard !restricted(by: request).isEmpty else {
            throw Refused(LiftRestriction.Refusal.notRestricting)
        }
        var lifted = request
        lifted.lifted = event.step
        lifted.liftedFor = call.reason
        return lifted
    }

    /// What may not be read for the time being because of a request.
    package static func restricted(by request: SubjectRequest) -> [Section] {
        guard request.kind == .restriction, request.lifted == nil else { return [] }
        return request.answers.last?.sections ?? []
    }

    /// Every request with its clock: those not answered, the longest waiting first, then the rest.
    ///
    /// `clockOf`: the clock of where somebody is held.
    package static func lines(
        _ call: ListSubjectRequests, of requests: [SubjectRequest], now: Timestamp,
        clockOf: (ParticipantID) throws -> Zone
    ) rethrows -> [ListSubjectRequests.Line] {
        try requests.filter { !(call.due ?? false) || $0.answers.isEmpty }
            .sorted { one, other in
                (one.answers.isEmpty ? 0 : 1, one.dueAt, one.id)
                    < (other.answers.isEmpty ? 0 : 1, other.dueAt, other.id)
            }.map { request in
                let clock = Deadline(at: request.dueAt, isMet: !request.answers.isEmpty)
                let zone = try clockOf(request.participant)
                return ListSubjectRequests.Line(
                    hoursLeft: clock.hoursLeft(at: now), overdue: clock.isOverdue(at: now),
                    zone: zone, dueOn: request.dueAt.day(in: zone), request: request)
            }
    }
}

/// A clock that runs until something is done.
struct Deadline {
    let at: Timestamp
    let isMet: Bool

    /// Whole hours that are left, counted down to the last that is begun; nil once it is met.
    func hoursLeft(at now: Timestamp) -> Int? {
        guard !isMet else { return nil }
        let seconds = at.seconds(since: now)
        return Int(seconds >= 0 ? seconds / 3600 : -((-seconds + 3599) / 3600))
    }

    func isOverdue(at now: Timestamp) -> Bool { !isMet && now > at }
}
