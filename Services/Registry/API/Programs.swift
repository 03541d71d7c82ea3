package import RPC
package import Vocabulary

/// A rehabilitation program of a facility, under an agreement.
package struct Program: Codable, Hashable, Sendable {
    package let id: ProgramID
    package let agreement: AgreementID
    /// Short and unique, such as `sosial-6`.
    package let code: String
    package var name: String
    package var kind: RehabilitationKind
    /// From admission to the planned end.
    package var lengthDays: Int
    /// In order; their days add up to the length.
    package var phases: [Phase]
    /// How many may be enrolled in one cohort (angkatan) at a time.
    package var capacity: Int
    package var evaluationCalendar: [EvaluationPoint]
    package var entryRules: EntryRules

    package init(
        id: ProgramID, agreement: AgreementID, code: String, name: String,
        kind: RehabilitationKind, lengthDays: Int, phases: [Phase], capacity: Int,
        evaluationCalendar: [EvaluationPoint], entryRules: EntryRules
    ) {
        self.id = id
        self.agreement = agreement
        self.code = code
        self.name = name
        self.kind = kind
        self.lengthDays = lengthDays
        self.phases = phases
        self.capacity = capacity
        self.evaluationCalendar = evaluationCalendar
        self.entryRules = entryRules
    }
}

/// What sort of rehabilitation a program gives, or a team recommends (UU 35/2009, article 54).
package enum RehabilitationKind: String, Codable, Hashable, Sendable, CaseIterable {
    case medical
    case social
    case both
}

/// A part of a program that a participant passes through.
package struct Phase: Codable, Hashable, Sendable {
    /// Unique within the program; an enrollment's stage is one of these.
    package let name: String
    package let days: Int

    package init(name: String, days: Int) {
        self.name = name
        self.days = days
    }
}

/// A joint evaluation that falls due some time after admission.
package struct EvaluationPoint: Codable, Hashable, Sendable {
    package enum Unit: String, Codable, Hashable, Sendable, CaseIterable {
        /// Calendar months: the same day of the month.
        case month
        case day
    }

    /// Unique within the program, such as `M3`.
    package let code: String
    package let after: Int
    package let unit: Unit
    /// Codes of the questionnaires to fill in.
    package let instruments: [String]
    package let urine: Bool

    package init(code: String, after: Int, unit: Unit, instruments: [String], urine: Bool) {
        self.code = code
        self.after = after
        self.unit = unit
        self.instruments = instruments
        self.urine = urine
    }
}

/// Defines a program.
///
/// A definition is not changed later: other rules are another program with another code.
package struct DefineProgram: RPCMethod {
    package static let name: MethodName = "registry.program.define"
    package static let access = Access(roles: .managers)
    package static let section = Section.operational
    package static let repeatability = Repeatability.keyed
    package typealias Reply = Program

    package let program: Program

    package init(program: Program) {
        self.program = program
    }

    package enum Refusal: String, RPCRefusal {
        case agreementUnknown = "agreement-unknown"
        case agreementExpired = "agreement-expired"
        case codeTaken = "program-code-taken"
        case idTaken = "program-id-taken"

        package var status: StatusCode {
            switch self {
            case .agreementUnknown, .agreementExpired: .failedPrecondition
            case .codeTaken, .idTaken: .alreadyExists
            }
        }

        package var explanation: String {
            switch self {
            case .agreementUnknown: "a program needs a recorded agreement; record it first"
            case .agreementExpired:
                "the agreement is no longer in force; record its successor and name that"
            case .codeTaken: "another program has this code; choose one that is not in use"
            case .idTaken: "this id already names a program with other content; make a new id"
            }
        }
    }
}

/// Shows all programs.
package struct ListPrograms: RPCMethod {
    package static let name: MethodName = "registry.program.list"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        package let programs: [Program]

        package init(programs: [Program]) {
            self.programs = programs
        }
    }
}

/// Shows one program.
package struct GetProgram: RPCMethod {
    package static let name: MethodName = "registry.program.get"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package typealias Reply = Program

    package let program: ProgramID

    package init(program: ProgramID) {
        self.program = program
    }
}
