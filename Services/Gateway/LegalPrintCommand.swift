import ArgumentParser
import RegistryAPI
import Shared

/// `pulih legalrequest print`: what was given to police, prosecutor or court, as a document.
struct LegalPrintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Prints what is given on a request of police, prosecutor or court.",
        discussion: """
            `pulih legalrequest give` enters first what is given, to whom and as which document; \
            this prints it, with those sections and no others, and with the notice and watermark. \
            It reads for the purpose HLEGAL, so it ends where the grant ends. Who treats people \
            gets every part; for another role some parts are missing, and the print says which. \
            Where the letter asks for the records of some days only, those of other days are left \
            out.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var paper: PaperOptions
    @Option(help: "The id under which it was entered with `pulih legalrequest give`.")
    var disclosure: String
    @Argument(help: "An id, the beginning or the end of one, or part of a name.")
    var participant: String

    func run() async throws {
        guard let wanted = DisclosureID(text: disclosure) else {
            throw GatewayProblem("--disclosure must be an id; `pulih disclosure list` shows it")
        }
        var context = try target.load()
        let id = try await target.find(participant, in: context, tracing: query.trace)
        let disclosures = try await context.call(ListDisclosures(participant: id), target)
        guard let given = disclosures.disclosures.first(where: { $0.id == wanted }),
            given.legalRequest != nil
        else {
            throw GatewayProblem(
                "nothing was given under this id on a legal request; enter it with "
                    + "`pulih legalrequest give`", .notFound)
        }
        context.purpose = .legal
        try await paper.print(
            "Data peserta atas permintaan hukum", given, isForSubject: false, target, query,
            context)
    }
}
