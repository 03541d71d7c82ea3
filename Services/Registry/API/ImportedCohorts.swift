package import RPC
package import Vocabulary

/// Brings in people and episodes of an earlier cohort, as they were written down at the time.
///
/// Nothing is checked against today's rules, and every record is marked historical. The ids are
/// made from the source, so that importing a file again changes nothing. One malformed row
/// refuses the batch and names the row; a row that contradicts what is stored is left out and
/// reported. Whatever a source does not say stays unknown: a row needs no more than its key, its
/// program and its cohort.
package struct ImportCohort: RPCMethod {
    package static let name: MethodName = "registry.cohort.import"
    package static let access = Access(roles: .registration)
    package static let section = Section.identity
    package static let repeatability = Repeatability.keyed
    package static let timeout = Duration.seconds(60)

    package let facilityCode: String
    /// 1 to 200.
    package let rows: [ImportRow]

    package init(facilityCode: String, rows: [ImportRow]) {
        self.facilityCode = facilityCode
        self.rows = rows
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// In the order of the request.
        package let rows: [ImportedRow]

        package init(rows: [ImportedRow]) {
            self.rows = rows
        }
    }

    package enum Refusal: String, RPCRefusal {
        case facilityUnknown = "facility-unknown"
        case programUnknown = "program-unknown"

        package var explanation: String {
            switch self {
            case .facilityUnknown:
                "no facility has this code; an administrator must add the facility first"
            case .programUnknown: "a row names a program that is not defined; define it first"
            }
        }
    }
}

/// One person's one episode, as far as its source tells of it.
package struct ImportRow: Codable, Hashable, Sendable {
    /// How the source names the row; unique within the batch.
    package let key: String
    package let participant: ParticipantID
    package let enrollment: EnrollmentID
    /// Absent where the source is pseudonymous.
    package let name: String?
    /// Absent where the name is known; where both are, the key stands for the name.
    package let pseudonym: String?
    package let nik: NationalID?
    package let sex: Sex?
    package let birthDate: Day?
    /// In years, on the day of admission, or of release where only that is known.
    ///
    /// Absent where there is a birth date.
    package let age: Int?
    package let program: ProgramID
    /// The cohort (angkatan).
    package let group: String
    package let admittedOn: Day?
    package let exitClass: ExitClass?
    package let exitedOn: Day?
    package let exitReason: String?
    package let releasedOn: Day?

    package init(
        key: String, participant: ParticipantID, enrollment: EnrollmentID, name: String? = nil,
        pseudonym: String? = nil, nik: NationalID? = nil, sex: Sex? = nil,
        birthDate: Day? = nil, age: Int? = nil, program: ProgramID, group: String,
        admittedOn: Day? = nil, exitClass: ExitClass? = nil, exitedOn: Day? = nil,
        exitReason: String? = nil, releasedOn: Day? = nil
    ) {
        self.key = key
        self.participant = participant
        self.enrollment = enrollment
        self.name = name
        self.pseudonym = pseudonym
        self.nik = nik
        self.sex = sex
        self.birthDate = birthDate
        self.age = age
        self.program = program
        self.group = group
        self.admittedOn = admittedOn
        self.exitClass = exitClass
        self.exitedOn = exitedOn
        self.exitReason = exitReason
        self.releasedOn = releasedOn
    }
}

/// What became of a row.
package struct ImportedRow: Codable, Hashable, Sendable {
    package enum Result: String, Codable, Hashable, Sendable, CaseIterable {
        case created
        /// It was there already, just so.
        case unchanged
        /// One of its ids is in use for something else; nothing was stored.
        case conflict
    }

    package let key: String
    package let result: Result
    /// For a conflict, the fields of the row that differ from what is stored.
    package let differing: [String]?

    package init(key: String, result: Result, differing: [String]? = nil) {
        self.key = key
        self.result = result
        self.differing = differing
    }
}
