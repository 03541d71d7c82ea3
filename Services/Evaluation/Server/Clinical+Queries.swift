internal import ClinicalAPI
internal import EvaluationAPI
internal import EvaluationRules
internal import Instruments
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    /// The administrations that no correction replaces.
    func scores() throws -> [ScoreCopy] {
        try all(
            ScoreCopy.self,
            where: "key NOT IN (SELECT replaces FROM score_copy WHERE replaces IS NOT NULL)")
    }

    private func scores(of record: ParticipantID) throws -> [ScoreCopy] {
        try all(
            ScoreCopy.self,
            where: """
                participant = ?
                AND key NOT IN (SELECT replaces FROM score_copy WHERE replaces IS NOT NULL)
                """, [.id(record)])
    }

    /// Everybody's quality of life at the start.
    private func qualityBaselines() throws -> [ScoreCopy] {
        try all(
            ScoreCopy.self,
            where: """
                instrument = ? AND occasion = ?
                AND key NOT IN (SELECT replaces FROM score_copy WHERE replaces IS NOT NULL)
                """,
            [
                .text(InstrumentCode.whoqolBref.rawValue),
                .text(Administration.Occasion.baseline.rawValue),
            ])
    }

    func sessions() throws -> [AttendanceCopy] { try all(AttendanceCopy.self) }

    private func sessions(from first: Day, through last: Day?) throws -> [AttendanceCopy] {
        try all(
            AttendanceCopy.self, where: "day >= ? AND (? IS NULL OR day <= ?)",
            [.day(first), .day(last), .day(last)])
    }

    func urineTests() throws -> [UrineTestCopy] { try all(UrineTestCopy.self) }

    private func urineTests(of record: ParticipantID) throws -> [UrineTestCopy] {
        try all(UrineTestCopy.self, where: "participant = ?", [.id(record)])
    }

    /// What is known of an enrollment up to the day of its evaluation.
    ///
    /// Only sessions within the stay are read, and only tests and scores of the one person.
    func evidence(of id: EnrollmentID, upTo day: Day) throws -> Evidence {
        guard let enrollment = try enrollment(id) else {
            return .gather(of: id, upTo: day, attendance: [], urine: [], scores: [], baselines: [:])
        }
        let merged = try merges()
        let enrollments = try enrollments(programCode: nil)
        let stays = StayLookup(enrollments, merged: merged)
        let records = merged.records(of: enrollment.participant).sorted()
        let peers = enrollments.filter { $0.programCode == enrollment.programCode }
        return .gather(
            of: id, upTo: day, holds: enrollment.holds,
            attendance: try sessions(from: enrollment.admittedOn, through: day)
                .flatMap { $0.facts(stays) },
            urine: try records.flatMap { try urineTests(of: $0) }.compactMap { $0.fact(stays) },
            scores: try records.flatMap { try scores(of: $0) }.flatMap { $0.facts(stays) },
            baselines: Evidence.baselines(
                of: Set(peers.map(\.id)), upTo: day,
                try qualityBaselines().flatMap { $0.facts(stays) }))
    }

    /// Everybody who treats a participant during a stay; nil where the clinical service was never
    /// heard, so that nobody can tell.
    func treating(during enrollment: EnrollmentFact) throws -> Set<StaffMember>? {
        guard try feedState(ServiceName.clinical.rawValue).heardAt != nil else { return nil }
        let records = try merges().records(of: enrollment.participant)
        let met = try sessions(from: enrollment.admittedOn, through: enrollment.exit?.day)
            .compactMap { $0.encounter(with: records) }
        let asked = try records.flatMap { try scores(of: $0) }.map(\.encounter)
        return Treatment.treating(during: enrollment, met + asked)
    }
}
