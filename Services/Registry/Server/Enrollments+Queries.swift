package import FoundationEssentials
internal import RPC
package import RegistryAPI
internal import RegistryRules
package import Storage
internal import Vocabulary

extension Enrollment: StoredRecord {
    package static let noun: StaticString = "enrollment"
    package static let columns: [StaticString] = ["participant", "program", "cohort", "status"]
    package static let sealed = [
        SealedPart(
            .program,
            ["stages": .value([StageEntry]()), "holds": .value([Hold]()), "exit": .absent])
    ]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] {
        [.id(participant), .id(program), .text(cohort), .text(status.rawValue)]
    }
}

extension Reading where Self: ~Copyable {
    func enrollment(_ id: EnrollmentID) throws -> Enrollment {
        guard let enrollment = try get(Enrollment.self, id.uuid) else {
            throw NotFound("enrollment", id)
        }
        return enrollment
    }

    func enrollments(of participant: ParticipantID) throws -> [Enrollment] {
        try all(Enrollment.self, of: participant)
    }

    /// The enrollment of a person that has not ended, under whichever of their records.
    func openEnrollment(of participant: ParticipantID) throws -> Enrollment? {
        try enrollments(of: participant).first { $0.status != .exited }
    }

    /// The day it is where the enrolled person is held.
    func today(for enrollment: Enrollment, _ now: Timestamp) throws -> Day {
        try today(for: standing(for: enrollment.participant), now)
    }

    /// How many of a cohort have not exited.
    func openCount(program: ProgramID, cohort: String) throws -> Int {
        try count(
            Enrollment.self, where: "program = ? AND cohort = ? AND status <> ?",
            [.id(program), .text(cohort), .text(Enrollment.Status.exited.rawValue)])
    }

    /// What the rules of entry need to know.
    func facts(for call: OpenEnrollment) throws -> EnrollmentFacts {
        let program = try program(call.program)
        var enrollments = try enrollments(of: call.participant)
        if !enrollments.contains(where: { $0.id == call.id }),
            let same = try get(Enrollment.self, call.id.uuid)
        {
            enrollments.append(same)
        }
        return EnrollmentFacts(
            participant: try participant(call.participant), program: program,
            agreement: try agreement(program.agreement),
            consents: try consents(of: call.participant),
            decisions: try decisions(of: call.participant),
            decree: try call.decree.flatMap { try get(Decree.self, $0.uuid) },
            screenings: try screenings(of: call.participant),
            urineTests: try urineTestDays(of: call.participant), enrollments: enrollments,
            cohortCount: try openCount(program: call.program, cohort: call.cohort))
    }

    /// One page of enrollments, and where the next begins.
    func page(of call: ListEnrollments, limit: Int) throws -> ListEnrollments.Reply {
        let (participant, program) = (SQLValue.id(call.participant), SQLValue.id(call.program))
        let (cohort, status) = (
            SQLValue.optional(call.cohort), SQLValue.optional(call.status?.rawValue)
        )
        let found = try all(
            Enrollment.self,
            where: """
                key > ? AND (? IS NULL OR participant IN (
                    WITH RECURSIVE person (key) AS (
                        SELECT ?
                        UNION
                        SELECT participant.key FROM participant
                        JOIN person ON participant.merged_into = person.key
                    )
                    SELECT key FROM person))
                AND (? IS NULL OR program = ?) AND (? IS NULL OR cohort = ?)
                AND (? IS NULL OR status = ?)
                """,
            [
                call.after.map { .id($0) } ?? .blob([]), participant, participant, program,
                program, cohort, cohort, status, status,
            ], limit: limit + 1)
        let shown = Array(found.prefix(limit))
        return ListEnrollments.Reply(
            enrollments: shown, next: found.count > limit ? shown.last?.id : nil)
    }
}
