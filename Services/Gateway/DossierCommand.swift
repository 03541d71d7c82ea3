import ArgumentParser
import RegistryAPI
import Shared

/// `pulih dossier`: one person, from all services at once.
struct DossierCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dossier",
        abstract: "Shows what all services know of one participant, in one timeline.",
        discussion: """
            The participant is named by an id, by the beginning or the end of one (at least \(
                ParticipantSearch.digitsMinimum) of its characters, as `pulih caseload` shows it), \
            or by part of a name. Whoever may not see names gives the whole id. Each line is \
            shown to those only who may see the record behind it.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib
    @Argument(help: "An id, the beginning or the end of one, or part of a name.")
    var participant: String

    func run() async throws {
        let context = try target.load()
        let trace = query.trace
        let id = try await find(context, trace)
        let answers = await FanOut.ask(
            DossierPart.questions(id), within: .seconds(target.timeout), trace: trace,
            connect: context.caller(of:))
        // Another service that knows nothing of somebody has an empty timeline; the registry knows
        // everybody.
        if let failure = answers.legs.compactMap(\.failure).first(where: { $0.code == .notFound }) {
            throw GatewayProblem(failure)
        }
        let dossier = Dossier(id, parts: answers.parts, missing: answers.missingParts)
        try answers.report(query, context) {
            try output.print(dossier, csv: dossier.csv) { dossier.text(width: $0, zone: zone) }
        }
    }

    private func find(
        _ context: GatewayContext, _ trace: TraceContext?
    ) async throws -> ParticipantID {
        if let id = ParticipantID(text: participant) { return id }
        let search = try ParticipantSearch(participant)
        let questions: [FanOut<[Participant]>.Question] = [
            .init(service: .registry, subject: "participants") { try await search.candidates($0) }
        ]
        let answers = await FanOut.ask(
            questions, within: .seconds(target.timeout), trace: trace,
            connect: context.caller(of:))
        if let failure = answers.missing.first?.failure {
            throw failure.code == .permissionDenied
                ? GatewayProblem("give the whole id: your role may not look for people", .refused)
                : GatewayProblem(failure)
        }
        return try search.only(of: answers.parts.flatMap { $0 })
    }
}
