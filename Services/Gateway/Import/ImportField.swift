/// What an import can say of a person; the raw value is the name in mappings and the usual name
/// of the column.
enum ImportField: String, CaseIterable, Codable, CodingKeyRepresentable {
    case key
    case name
    case pseudonym
    case nik
    case sex
    case birthDate
    case age
    case program
    case cohort
    case group
    case admittedOn
    case exitClass
    case exitedOn
    case exitReason
    case releasedOn
    case followedUntil
    case eventKind
    case eventOn
    case baselinePhysical = "baseline.physical"
    case baselinePsychological = "baseline.psychological"
    case baselineSocial = "baseline.social"
    case baselineEnvironment = "baseline.environment"
    case exitPhysical = "exit.physical"
    case exitPsychological = "exit.psychological"
    case exitSocial = "exit.social"
    case exitEnvironment = "exit.environment"

    var isDate: Bool {
        switch self {
        case .birthDate, .admittedOn, .exitedOn, .releasedOn, .followedUntil, .eventOn: true
        default: false
        }
    }

    /// Whether its words are the source's own, so that where codes are given, a value without
    /// one is a slip.
    var isFreeWord: Bool {
        switch self {
        case .program, .cohort, .group, .exitReason: true
        default: false
        }
    }

    init(named name: String) throws {
        guard let field = Self(rawValue: name) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw GatewayProblem("there is no field \(Console.safe(name)); the fields are \(known)")
        }
        self = field
    }
}
