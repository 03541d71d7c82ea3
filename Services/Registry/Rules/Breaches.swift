import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on breaches, and runs their clocks.
package enum BreachRules {
    /// Within which people and agency are told (UU 27/2022, article 46), in seconds.
    static let tellSeconds: Int64 = 3 * 24 * 3600

    /// Reports a breach, whose clock runs from its discovery.
    package static func report(
        _ call: ReportBreach, existing: Breach?, facilityCodes: Set<String>, event: RegisterEvent
    ) throws -> Breach {
        typealias Reason = ReportBreach.Refusal
        guard facilityCodes.contains(call.facilityCode) else {
            throw Refused(Reason.facilityUnknown, call.facilityCode)
        }
        guard call.discoveredAt <= event.now else {
            throw InvalidInput("discoveredAt", "must not lie in the future")
        }
        let statement = try Self.statement(
            call.data, call.course, call.handling, call.people,
            existing?.reported ?? event.step)
        if let existing {
            guard existing.facilityCode == call.facilityCode,
                existing.discoveredAt == call.discoveredAt,
                existing.statements.first == statement
            else { throw Refused(Reason.idTaken) }
            return existing
        }
        return Breach(
            id: call.id, facilityCode: call.facilityCode, discoveredAt: call.discoveredAt,
            dueAt: call.discoveredAt.adding(seconds: tellSeconds), reported: event.step,
            statements: [statement])
    }

    private static func statement(
        _ data: String?, _ course: String?, _ handling: String?, _ people: Int?,
        _ step: RegisterStep
    ) throws -> BreachStatement {
        try Input.optionalText(data, "data", max: Input.textMax)
        try Input.optionalText(course, "course", max: Input.textMax)
        try Input.optionalText(handling, "handling", max: Input.textMax)
        if let people { try Input.range(people, "people", 0...10_000_000) }
        return BreachStatement(
            data: data, course: course, handling: handling, people: people, made: step)
    }

    /// Adds what has become known.
    package static func state(
        _ call: StateBreach, of breach: Breach, event: RegisterEvent
    ) throws -> Breach {
        let statement = try Self.statement(
            call.data, call.course, call.handling, call.people, event.step)
        guard call.data != nil || call.course != nil || call.handling != nil || call.people != nil
        else { throw InvalidInput("data", "state at least one thing") }
        var stated = breach
        stated.statements.append(statement)
        return stated
    }

    /// Adds that somebody was told, by a notice that has all it must.
    package static func tell(
        _ call: TellBreach, of breach: Breach, event: RegisterEvent
    ) throws -> Breach {
        try Input.text(call.channel, "channel")
        guard call.sentAt <= event.now, call.sentAt >= breach.discoveredAt else {
            throw InvalidInput("sentAt", "must lie between the discovery and now")
        }
        guard breach.missingContents.isEmpty else {
            throw Refused(
                TellBreach.Refusal.contentMissing,
                breach.missingContents.joined(separator: ", "))
        }
        var told = breach
        told.notices.append(
            BreachNotice(
                to: call.to, channel: call.channel, sentAt: call.sentAt, recorded: event.step))
        return told
    }

    /// Every breach with its clock: those of which not everybody was told first.
    package static func lines(
        _ call: ListBreaches, of breaches: [Breach], now: Timestamp
    ) -> [ListBreaches.Line] {
        breaches
            .filter { call.facilityCode == nil || $0.facilityCode == call.facilityCode }
            .filter { !(call.open ?? false) || !$0.isTold }
            .sorted { one, other in
                (one.isTold ? 1 : 0, one.dueAt, one.id)
                    < (other.isTold ? 1 : 0, other.dueAt, other.id)
            }.map { breach in
                let clock = Deadline(at: breach.dueAt, isMet: breach.isTold)
                return ListBreaches.Line(
                    hoursLeft: clock.hoursLeft(at: now), overdue: clock.isOverdue(at: now),
                    missing: breach.missingContents, breach: breach)
            }
    }
}
