internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func schedule(_ call: ScheduleSession, _ context: CallContext) async throws -> Session
    {
        let signatory = try context.signatory
        let people = call.plan.participants
        try SessionRules.checkLength(of: people, "participants")
        return try await records.perform(call, context) { transaction in
            let moment = try transaction.moment(for: people.first, context)
            let change = try SessionRules.schedule(
                call, existing: transaction.get(SessionRecord.self, call.id.uuid)?.session,
                others: transaction.sessions(
                    within: SessionRules.span(of: call.plan), of: call.plan.facilitator,
                    or: people),
                facts: transaction.facts(about: people), by: signatory, moment)
            let session = try transaction.apply(
                change, in: moment.zone, verb: "scheduled", context)
            // Whoever plans again a session that was held sees no more than the schedule.
            return SessionRules.withoutMedicalDetail(session)
        }
    }

    @Sendable func hold(_ call: HoldSession, _ context: CallContext) async throws -> Session {
        let signatory = try context.signatory
        let came = call.attendance.map(\.participant)
        try SessionRules.checkLength(of: came, "attendance")
        return try await records.perform(call, context) { transaction in
            let record = try transaction.session(call.session)
            let session = record.session
            let change = try SessionRules.hold(
                call, session: session,
                others: transaction.sessions(
                    within: session.scheduledAt..<session.endsAt, of: session.facilitator,
                    or: came),
                facts: transaction.facts(about: session.participants + came), by: signatory,
                Moment(now: context.now, zone: record.zone))
            return try transaction.apply(change, in: record.zone, verb: "held", context)
        }
    }

    @Sendable func record(_ call: RecordSession, _ context: CallContext) async throws -> Session {
        let signatory = try context.signatory
        let came = call.attendance.map(\.participant)
        try SessionRules.checkLength(of: call.plan.participants, "participants")
        try SessionRules.checkLength(of: came, "attendance")
        return try await records.perform(call, context) { transaction in
            let people = call.plan.participants + came
            let moment = try transaction.moment(for: people.first, context)
            let change = try SessionRules.record(
                call, existing: transaction.get(SessionRecord.self, call.id.uuid)?.session,
                others: transaction.sessions(
                    within: SessionRules.span(of: call.plan), of: call.plan.facilitator,
                    or: came),
                facts: transaction.facts(about: people), by: signatory, moment)
            return try transaction.apply(change, in: moment.zone, verb: "recorded", context)
        }
    }

    @Sendable func correct(_ call: CorrectSession, _ context: CallContext) async throws -> Session {
        let signatory = try context.signatory
        let came = call.attendance.map(\.participant)
        try SessionRules.checkLength(of: came, "attendance")
        try SessionRules.checkLength(of: call.removed, "removed")
        return try await records.perform(call, context) { transaction in
            let record = try transaction.session(call.session)
            let session = record.session
            let change = try SessionRules.correct(
                call, session: session,
                others: transaction.sessions(
                    within: session.scheduledAt..<session.endsAt, of: session.facilitator,
                    or: came),
                facts: transaction.facts(about: session.participants + came), by: signatory,
                Moment(now: context.now, zone: record.zone))
            return try transaction.apply(change, in: record.zone, verb: "corrected", context)
        }
    }

    @Sendable func miss(_ call: MissSession, _ context: CallContext) async throws -> Session {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let record = try transaction.session(call.session)
            let change = try SessionRules.miss(
                call, session: record.session, by: signatory,
                Moment(now: context.now, zone: record.zone))
            return try transaction.apply(change, in: record.zone, verb: "missed", context)
        }
    }

    @Sendable func cancel(_ call: CancelSession, _ context: CallContext) async throws -> Session {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let record = try transaction.session(call.session)
            let change = try SessionRules.cancel(
                call, session: record.session, by: signatory,
                Moment(now: context.now, zone: record.zone))
            return try transaction.apply(change, in: record.zone, verb: "cancelled", context)
        }
    }
}

extension Transaction {
    /// Stores what a rule decided about a session, with the zone that decides its day.
    fileprivate func apply(
        _ change: Change<Session>, in zone: Zone, verb: StaticString, _ context: CallContext
    ) throws -> Session {
        guard case .store(let session) = change else { return change.record }
        return try apply(
            .store(SessionRecord(session: session, zone: zone)), verb: verb, context
        ).session
    }
}
