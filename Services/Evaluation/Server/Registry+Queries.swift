internal import EvaluationAPI
internal import EvaluationRules
internal import RegistryAPI
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    func points() throws -> [PointFact] {
        try all(ProgramCopy.self, order: "code").flatMap { copy in
            copy.program.evaluationCalendar.compactMap { PointFact($0, of: copy.program) }
        }
    }

    /// The programs' lengths by their codes, which are unique.
    func plannedDays() throws -> [String: Int] {
        try all(ProgramCopy.self).reduce(into: [:]) { lengths, copy in
            lengths[copy.program.code] = copy.program.lengthDays
        }
    }

    func enrollment(_ id: EnrollmentID) throws -> EnrollmentFact? {
        try facts(all(EnrollmentCopy.self, where: "key = ?", [.id(id)])).first
    }

    func enrollments(of participant: ParticipantID) throws -> [EnrollmentFact] {
        try facts(all(EnrollmentCopy.self, of: participant))
    }

    /// Those of one program, or all.
    func enrollments(programCode: String?) throws -> [EnrollmentFact] {
        try facts(
            all(
                EnrollmentCopy.self,
                where: """
                    ? IS NULL OR program IN (SELECT key FROM program_copy WHERE code = ?)
                    """, [.optional(programCode), .optional(programCode)]))
    }

    /// Enrollments with what their program and its agreement say of them.
    private func facts(_ copies: [EnrollmentCopy]) throws -> [EnrollmentFact] {
        guard !copies.isEmpty else { return [] }
        var programs: [ProgramID: ProgramSummary] = [:]
        for copy in try all(ProgramCopy.self) { programs[copy.program.id] = copy.program }
        var agreements: [AgreementID: Agreement] = [:]
        for copy in try all(AgreementCopy.self) { agreements[copy.agreement.id] = copy.agreement }
        return try copies.compactMap { copy in
            guard let program = programs[copy.enrollment.program] else { return nil }
            return EnrollmentFact(
                copy.enrollment, in: program, under: agreements[program.agreement],
                heldBy: try facilityCode(of: copy.enrollment.participant))
        }
    }

    /// Who is merged into whom.
    func merges() throws -> MergedRecords {
        try MergedRecords(
            all(ParticipantCopy.self, where: "merged_into IS NOT NULL").map {
                ParticipantFact($0.participant)
            })
    }

    func releases(of participant: ParticipantID) throws -> [ReleaseFact] {
        try records(of: participant).flatMap {
            try get(ParticipantCopy.self, $0.uuid)?.releases ?? []
        }
    }

    func releases() throws -> [ReleaseFact] {
        try all(ParticipantCopy.self).flatMap(\.releases)
    }

    func participants() throws -> [ParticipantFact] {
        try all(ParticipantCopy.self).map { ParticipantFact($0.participant) }
    }

    private func facilityCode(of participant: ParticipantID) throws -> String? {
        try rows(
            "SELECT facility FROM participant_copy WHERE key = ?", [.id(participant)]
        ) { $0.text(0) }.first
    }

    /// The day it is where a participant is held; western time where that is not known.
    func today(for participant: ParticipantID, at now: Timestamp) throws -> Day {
        try now.day(in: zone(of: facilityCode(of: participant)))
    }

    /// The day it is where the caller belongs; western time outside a facility.
    func today(for person: PersonIdentity, at now: Timestamp) throws -> Day {
        let isAtFacility = person.affiliation.kind == .facility
        return try now.day(in: zone(of: isAtFacility ? person.affiliation.code : nil))
    }

    private func zone(of facilityCode: String?) throws -> Zone {
        guard let facilityCode else { return .wib }
        return try all(FacilityCopy.self, where: "code = ?", [.text(facilityCode)]).first?
            .facility.zone ?? .wib
    }

    /// How old the copies are, for each service that they come from.
    func sources(at now: Timestamp) throws -> [SourceAge] {
        try [ServiceName.registry, .clinical].map { service in
            let state = try feedState(service.rawValue)
            return SourceAge(
                service: service, position: state.heardAt.map { _ in state.position },
                heardAt: state.heardAt, ageSeconds: state.heardAt.map { now.seconds(since: $0) })
        }
    }
}
