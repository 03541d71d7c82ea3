import ArgumentParser
import Shared

extension AuditCommand {
    /// `pulih audit refused`: which certificates the services have refused.
    struct Refused: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the connections that were refused for the certificate they showed.",
            discussion: """
                The newest first: why, from which address, how often within about a minute, and \
                what the certificate says of itself, which nobody has confirmed. Where a minute had \
                more of them than are listed, a row without a reason counts the rest.

                For the roles auditor and administrator.
                """)

        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How many of each service, 1 to 500.") var limit = 100

        func run() async throws {
            let call = ListRefusedCertificates(limit: limit)
            let context = try target.load()
            let answers = await FanOut.ask(
                ServiceName.allCases.map { service in
                    .init(service: service, subject: "refused certificates") { caller in
                        try await caller.call(call).certificates.map {
                            Line(service: service, refused: $0)
                        }
                    }
                }, within: .seconds(target.timeout), trace: query.trace,
                connect: context.caller(of:))
            let report = Report(
                refused: answers.parts.flatMap(\.self).sorted { $0.refused.id > $1.refused.id },
                missing: answers.missingParts)
            try answers.report(query, context) {
                try output.print(report, csv: report.table) {
                    report.table.text(width: $0, flexible: [6, 7])
                }
            }
        }
    }

    /// What one service refused.
    struct Line: Encodable {
        let service: ServiceName
        let refused: RefusedCertificate
    }

    struct Report: Encodable {
        let refused: [Line]
        let missing: [MissingPart]

        var table: Table {
            Table(
                header: [
                    "service", "first", "last", "count", "reason", "from", "claims", "subject",
                    "serial",
                ],
                rows: refused.map { line in
                    let refused = line.refused
                    return [
                        line.service.rawValue, "\(refused.firstAt)", "\(refused.lastAt)",
                        "\(refused.count)", refused.reason?.rawValue ?? "too many to list",
                        refused.from ?? "",
                        refused.certificate?.uris.joined(separator: ", ") ?? "",
                        refused.certificate?.subject ?? "",
                        refused.certificate?.serial?.digits ?? "",
                    ]
                })
        }
    }
}
