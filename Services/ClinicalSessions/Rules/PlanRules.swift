package import ClinicalAPI
import RPC
import Vocabulary

/// Decides what becomes of a plan of treatment.
package enum PlanRules {
    /// Sets the plan of an assessment.
    ///
    /// `current` is the plan that the assessment has; `recorded` are the participant's
    /// assessments.
    ///
    /// - Throws: ``InvalidInput``, ``NotFound``, or `Refused<SetPlan.Refusal>`.
    package static func set(
        _ call: SetPlan, current: Plan?, recorded: [Assessment], by signatory: Signatory,
        _ moment: Moment
    ) throws -> Change<Plan> {
        typealias Refusal = Refused<SetPlan.Refusal>
        guard let assessment = recorded.first(where: { $0.id == call.assessment }) else {
            throw NotFound("assessment", call.assessment)
        }
        if let current, current.revision - 1 == call.replacing, current.goals == call.goals,
            current.services == call.services, current.setBy == signatory
        {
            return .unchanged(current)
        }
        try check(call, on: assessment.day)
        guard !Corrections.isCorrected(assessment.id, in: recorded) else {
            throw Refusal(.alreadyCorrected)
        }
        let revision = current?.revision ?? 0
        guard call.replacing == revision else {
            throw Refusal(.planChanged, "it is at revision \(revision)")
        }
        return .store(
            Plan(
                assessment: assessment.id, participant: assessment.participant,
                revision: revision + 1, goals: call.goals, services: call.services,
                setBy: signatory, setAt: moment.now))
    }

    /// The plan that holds: that of the latest assessment that has one.
    package static func current(of plans: [Plan], assessments: [Assessment]) -> Plan? {
        let standing = Corrections.standing(assessments)
            .sorted { ($0.day, $0.recordedAt, $0.id) < ($1.day, $1.recordedAt, $1.id) }
        for assessment in standing.reversed() {
            let theirs = plans.filter { $0.assessment == assessment.id }
            if let latest = theirs.max(by: { $0.revision < $1.revision }) { return latest }
        }
        return nil
    }

    private static func check(_ call: SetPlan, on day: Day) throws(InvalidInput) {
        try Input.distinct(call.goals, "goals", 1...50)
        for (index, goal) in call.goals.enumerated() {
            let field = "goals[\(index)]"
            try Input.text(goal.text, "\(field).text", atMost: 2000, multiline: true)
            try Input.staff(goal.responsible, "\(field).responsible")
            guard goal.targetDay >= day, goal.targetDay.days(since: day) <= 3660 else {
                throw InvalidInput(
                    "\(field).targetDay", "must lie within ten years after the assessment")
            }
        }
        if !call.services.isEmpty { try Input.distinct(call.services, "services", 1...50) }
        for (index, service) in call.services.enumerated() {
            try Input.text(service, "services[\(index)]", atMost: 200)
        }
    }
}
