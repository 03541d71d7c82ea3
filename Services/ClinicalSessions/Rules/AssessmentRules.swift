package import ClinicalAPI
import RPC
import Vocabulary

/// Decides what becomes of an assessment, its diagnoses and its plan.
package enum AssessmentRules {
    /// Records an assessment.
    ///
    /// `recorded` are the participant's assessments, the one that has the call's id, and the one
    /// that the call corrects.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<RecordAssessment.Refusal>`.
    package static func record(
        _ call: RecordAssessment, recorded: [Assessment], facts: RegistryFacts,
        by signatory: Signatory, _ moment: Moment
    ) throws -> Change<Assessment> {
        typealias Refusal = Refused<RecordAssessment.Refusal>
        if let existing = recorded.first(where: { $0.id == call.id }) {
            guard isSame(existing, call) else { throw Refusal(.idTaken) }
            return .unchanged(existing)
        }
        try check(call, moment)
        if !call.diagnoses.isEmpty, signatory.role != .physician {
            throw Refusal(.diagnosisNeedsPhysician)
        }
        guard facts.knows(call.participant) else { throw Refusal(.participantUnknown) }
        if let correction = call.correction {
            guard let original = recorded.first(where: { $0.id == correction.of }) else {
                throw Refusal(.correctedUnknown)
            }
            guard original.participant == call.participant else { throw Refusal(.correctsAnother) }
            guard !Corrections.isCorrected(original.id, in: recorded) else {
                throw Refusal(.alreadyCorrected)
            }
        }
        return .store(
            Assessment(
                id: call.id, participant: call.participant, day: call.day, assessor: signatory,
                severity: call.severity, substances: call.substances,
                diagnoses: call.diagnoses.map {
                    Diagnosis(code: $0, day: call.day, physician: signatory)
                },
                recommendation: call.recommendation,
                recommendationReason: call.recommendationReason, correction: call.correction,
                recordedAt: moment.now))
    }

    /// Adds a diagnosis.
    ///
    /// `recorded` are the participant's assessments.
    ///
    /// - Throws: ``InvalidInput``, ``NotFound``, or `Refused<DiagnoseParticipant.Refusal>`.
    package static func diagnose(
        _ call: DiagnoseParticipant, recorded: [Assessment], by signatory: Signatory,
        _ moment: Moment
    ) throws -> Change<Assessment> {
        typealias Refusal = Refused<DiagnoseParticipant.Refusal>
        guard var assessment = recorded.first(where: { $0.id == call.assessment }) else {
            throw NotFound("assessment", call.assessment)
        }
        guard signatory.role == .physician else { throw Refusal(.diagnosisNeedsPhysician) }
        try Input.past(call.day, "day", moment)
        let diagnosis = Diagnosis(code: call.code, day: call.day, physician: signatory)
        if assessment.diagnoses.contains(diagnosis) { return .unchanged(assessment) }
        guard !Corrections.isCorrected(assessment.id, in: recorded) else {
            throw Refusal(.alreadyCorrected)
        }
        guard assessment.diagnoses.count < 20 else {
            throw InvalidInput("code", "an assessment has at most 20 diagnoses")
        }
        assessment.diagnoses.append(diagnosis)
        return .store(assessment)
    }

    /// What a list of assessments shows, the oldest first.
    package static func list(
        _ call: ListAssessments, of recorded: [Assessment], merges: Merges = Merges()
    ) -> [Assessment] {
        let theirs = recorded.filter { merges.isSame($0.participant, call.participant) }
        return (call.includingCorrected ? theirs : Corrections.standing(theirs))
            .sorted { ($0.day, $0.recordedAt, $0.id) < ($1.day, $1.recordedAt, $1.id) }
    }

    private static func check(_ call: RecordAssessment, _ moment: Moment) throws(InvalidInput) {
        try Input.past(call.day, "day", moment)
        for (domain, severity) in call.severity.domains {
            guard let severity else { continue }
            try Input.range(severity, "severity.\(domain)", 0...9)
        }
        guard call.substances.count <= 20 else {
            throw InvalidInput("substances", "must have at most 20 entries")
        }
        for (index, use) in call.substances.enumerated() {
            let field = "substances[\(index)]"
            try Input.range(use.lengthMonths, "\(field).lengthMonths", 0...1200)
            switch (use.substance, use.otherName) {
            case (.other, nil):
                throw InvalidInput("\(field).otherName", "must name a substance not on the list")
            case (.other, let name?): try Input.text(name, "\(field).otherName", atMost: 100)
            case (_, nil): break
            case (_, _?):
                throw InvalidInput("\(field).otherName", "must be left out for a listed substance")
            }
        }
        guard call.substances.count(where: \.primary) <= 1 else {
            throw InvalidInput("substances", "must have at most one primary substance")
        }
        if !call.diagnoses.isEmpty {
            try Input.distinct(call.diagnoses, "diagnoses", 1...20)
        }
        try Input.text(
            optional: call.recommendationReason, "recommendationReason", atMost: 5000,
            multiline: true)
        try Input.text(optional: call.correction?.reason, "correction.reason")
    }

    private static func isSame(_ existing: Assessment, _ call: RecordAssessment) -> Bool {
        existing.participant == call.participant && existing.day == call.day
            && existing.severity == call.severity && existing.substances == call.substances
            && existing.diagnoses.map(\.code).starts(with: call.diagnoses)
            && existing.recommendation == call.recommendation
            && existing.recommendationReason == call.recommendationReason
            && existing.correction == call.correction
    }
}

extension ASISeverity {
    /// The domains by name, in the order of the form.
    package var domains: [(name: String, severity: Int?)] {
        [
            ("medical", medical), ("employment", employment), ("alcohol", alcohol),
            ("drug", drug), ("legal", legal), ("family", family), ("psychiatric", psychiatric),
        ]
    }
}
