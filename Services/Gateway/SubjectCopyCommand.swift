import ArgumentParser
import RegistryAPI
import Shared

/// `pulih participant copy`: a person's own data, for that person.
struct SubjectCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Prints what is kept of a participant, for the participant.",
        discussion: """
            It needs a request for a copy (`pulih subjectrequest`) and holds what was granted of \
            it. It reads for the purpose PATRQT, and is entered among the disclosures before it is \
            printed. Who treats people gets every part; for another role some parts are missing, \
            and the print says which.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var paper: PaperOptions
    @Option(help: "The granted request for a copy.") var request: String
    @Argument(help: "An id, the beginning or the end of one, or part of a name.")
    var participant: String

    func run() async throws {
        guard let request = SubjectRequestID(text: request) else {
            throw GatewayProblem("--request must be the id of a request for a copy")
        }
        var context = try target.load()
        context.purpose = .ownRequest
        let id = try await target.find(participant, in: context, tracing: query.trace)
        let asked = try await context.call(ListSubjectRequests(participant: id), target).lines
            .map(\.request).first { $0.id == request }
        let disclosureID = DisclosureID.random(at: SystemClock.now())
        let disclosure = try await context.call(
            RecordDisclosure(
                id: disclosureID, participant: id, recipient: "peserta sendiri",
                sections: Self.granted(of: asked), subjectRequest: request,
                document: disclosureID.document("salinan")), target)
        try await paper.print(
            "Salinan data peserta", disclosure, isForSubject: true, target, query, context)
    }

    /// What was granted of a request: everything where its last answer names no part.
    ///
    /// Whether it was granted at all, the registry says when the disclosure is recorded.
    static func granted(of request: SubjectRequest?) -> [Section] {
        let named = request?.answers.last?.sections ?? []
        return Section.allCases.filter { $0.isPersonal && (named.isEmpty || named.contains($0)) }
    }
}
