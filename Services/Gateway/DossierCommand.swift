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
            shown to those only who may see the record behind it. With --hand-out it is a document \
            that leaves: entered among the disclosures, with the notice and watermark, and with no \
            more than the sections that the consent covers, or those of them that --sections names.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var leaving: HandOutOptions

    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib
    @Argument(help: "An id, the beginning or the end of one, or part of a name.")
    var participant: String

    func run() async throws {
        let context = try target.load()
        let trace = query.trace
        let id = try await target.find(participant, in: context, tracing: trace)
        let handOut = try await leaving.leaving(of: id, context, target)
        let answers = await FanOut.ask(
            DossierPart.questions(id, within: handOut?.sections), within: .seconds(target.timeout),
            trace: trace, connect: context.caller(of:))
        // The registry knows everybody; another service may not have heard of somebody yet.
        for leg in answers.legs where leg.service == .registry {
            if let failure = leg.failure, failure.code == .notFound {
                throw GatewayProblem(failure)
            }
        }
        let dossier = Dossier(
            id, parts: answers.parts, missing: answers.missingParts,
            within: handOut?.sections)
        let prints = answers.verdict(requireComplete: query.requireComplete).prints
        let disclosure = prints ? try await handOut?.record(context, target) : nil
        try answers.report(query, context) {
            let notice = disclosure.map { RedisclosureNotice($0, zone: zone) }
            try output.print(dossier, csv: dossier.csv, notice: notice ?? Errand.current.notice) {
                dossier.text(width: $0, zone: zone)
            }
        }
    }
}
