import ArgumentParser
import Shared

/// `pulih access`: who may do what.
struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may see what, as the methods declare it.",
        subcommands: [Matrix.self])

    struct Matrix: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints who may make which call, for auditors.",
            discussion: """
                Whoever is not named is refused. A letter is a call that a role may make, on \
                people held where they work or where their institution has an agreement; what is \
                in capitals needs a purpose and what the person has agreed to (see PURPOSES).
                """)
        @OptionGroup var output: OutputOptions

        func run() throws {
            let matrix = AccessMatrix(KnownMethods.all)
            try output.print(matrix, csv: matrix.table) { _ in matrix.text }
        }
    }
}

/// Every method and every caller, and whether the one may make the other.
struct AccessMatrix: Encodable {
    struct Line: Encodable {
        let method: String
        let section: Section
        let repeatability: Repeatability
        let roles: [Role]
        let services: [ServiceName]
    }

    let methods: [Line]

    init(_ methods: [any RPCDeclaration.Type]) {
        self.methods = methods.map { method in
            Line(
                method: method.name.text, section: method.section,
                repeatability: method.repeatability,
                roles: Role.allCases.filter(method.access.roles.contains),
                services: ServiceName.allCases.filter(method.access.services.contains))
        }.sorted { ($0.section.rawValue, $0.method) < ($1.section.rawValue, $1.method) }
    }

    /// A row for each method, a column for each caller: `r` reads, `w` writes, `.` is refused.
    var table: Table {
        Table(
            header: ["section", "method"] + Role.allCases.map(\.rawValue)
                + ServiceName.allCases.map(\.rawValue),
            rows: methods.map { line in
                let isRead = line.repeatability == .readOnly
                let needsPurpose = isRead && line.section.needsPurpose
                let letter = isRead ? (needsPurpose ? "R" : "r") : "w"
                return [line.section.rawValue, line.method]
                    + Role.allCases.map { line.roles.contains($0) ? letter : "." }
                    + ServiceName.allCases.map { line.services.contains($0) ? letter : "." }
            })
    }

    var text: String {
        let purposes = Table(
            header: ["purpose", "roles", "legal basis"],
            rows: PurposeOfUse.allCases.map { purpose in
                [
                    purpose.rawValue,
                    Role.allCases.filter { $0.purposes.contains(purpose) }.map(\.rawValue)
                        .joined(separator: " "), purpose.legalBasis,
                ]
            })
        return table.text + "\n\nPURPOSES\n" + purposes.text
    }
}
