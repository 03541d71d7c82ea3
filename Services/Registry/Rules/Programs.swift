import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on programs.
package enum ProgramRules {
    /// Defines a program under `agreement`, the one it names, where that is recorded; `known` is
    /// every program there is.
    package static func define(
        _ call: DefineProgram, agreement: Agreement?, known: [Program], today: Day
    ) throws -> Program {
        let program = call.program
        try checkShape(program)
        try checkCalendar(program)
        try checkEntryRules(program.entryRules)
        if let same = known.first(where: { $0.id == program.id }) {
            guard same == program else { throw Refused(DefineProgram.Refusal.idTaken) }
            return same
        }
        guard let agreement, agreement.id == program.agreement else {
            throw Refused(DefineProgram.Refusal.agreementUnknown)
        }
        guard AgreementRules.state(of: agreement, on: today) != .expired else {
            throw Refused(
                DefineProgram.Refusal.agreementExpired, "since \(agreement.validUntil)")
        }
        guard !known.contains(where: { $0.code == program.code }) else {
            throw Refused(DefineProgram.Refusal.codeTaken, program.code)
        }
        return program
    }

    private static func checkShape(_ program: Program) throws {
        try Input.code(program.code, "program.code")
        try Input.text(program.name, "program.name")
        try Input.range(program.lengthDays, "program.lengthDays", 1...1830)
        try Input.range(program.capacity, "program.capacity", 1...10_000)
        try Input.count(program.phases.count, "program.phases", 1...20)
        try Input.unique(program.phases.map(\.name), "program.phases")
        for phase in program.phases {
            try Input.text(phase.name, "program.phases.name", max: 60)
            try Input.range(phase.days, "program.phases.days", 1...1830)
        }
        guard program.phases.reduce(0, { $0 + $1.days }) == program.lengthDays else {
            throw InvalidInput("program.phases", "their days must add up to lengthDays")
        }
    }

    private static func checkCalendar(_ program: Program) throws {
        let points = program.evaluationCalendar
        try Input.count(points.count, "program.evaluationCalendar", 0...40)
        try Input.unique(points.map(\.code), "program.evaluationCalendar")
        for point in points {
            try Input.text(point.code, "program.evaluationCalendar.code", max: 20)
            try Input.range(point.after, "program.evaluationCalendar.after", 0...1830)
            try Input.count(
                point.instruments.count, "program.evaluationCalendar.instruments", 0...20)
            try Input.unique(point.instruments, "program.evaluationCalendar.instruments")
            for instrument in point.instruments {
                try Input.text(
                    instrument, "program.evaluationCalendar.instruments", max: Input.codeMax)
            }
            guard point.urine || !point.instruments.isEmpty else {
                throw InvalidInput(
                    "program.evaluationCalendar", "each point needs an instrument or a urine test")
            }
        }
    }

    private static func checkEntryRules(_ rules: EntryRules) throws {
        let field = "program.entryRules"
        try Input.count(rules.allowedStatuses.count, "\(field).allowedStatuses", 1...2)
        try Input.unique(rules.allowedStatuses, "\(field).allowedStatuses")
        try Input.unique(rules.requiredRiskBands, "\(field).requiredRiskBands")
        guard rules.requiredRiskBands.allSatisfy({ ["low", "moderate", "high"].contains($0) })
        else {
            throw InvalidInput(
                "\(field).requiredRiskBands", "each must be low, moderate or high")
        }
        if let days = rules.minimumRemainingDays {
            try Input.range(days, "\(field).minimumRemainingDays", 0...36_500)
        }
        if let days = rules.maximumScreeningAgeDays {
            try Input.range(days, "\(field).maximumScreeningAgeDays", 0...3650)
        }
        if let age = rules.warnBelowAge {
            try Input.range(age, "\(field).warnBelowAge", 0...120)
        }
    }

    /// When an evaluation falls due: its offset after admission, and later by the days on hold.
    package static func dueDay(
        of point: EvaluationPoint, openedOn: Day, daysOnHold: Int
    ) -> Day {
        let day =
            switch point.unit {
            case .day: openedOn.adding(days: point.after)
            case .month: openedOn.adding(months: point.after)
            }
        return day.adding(days: daysOnHold)
    }

    /// Whether a team's recommendation covers a program of this kind.
    package static func covers(
        _ recommended: RehabilitationKind, _ kind: RehabilitationKind
    ) -> Bool {
        recommended == kind || recommended == .both
    }
}
