import ArgumentParser
import RegistryAPI
import Shared

/// `pulih participant copy`: a person's own data, for that person.
struct SubjectCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Prints everything that is kept of a participant, for the participant.",
        discussion: """
            It needs a granted request for a copy (`pulih subjectrequest`), reads for the purpose \
            PATRQT, and is entered among the disclosures before it is printed. Who treats people \
            gets every part; for another role some parts are missing, and the print says which.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @Option(name: .shortAndLong, help: "table (for paper) or json.")
    var output: OutputForm = .table
    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib
    @Option(help: "The granted request for a copy.") var request: String
    @Argument(help: "An id, the beginning or the end of one, or part of a name.")
    var participant: String

    func validate() throws {
        guard output != .csv else {
            throw ValidationError("a copy has parts of many forms: print a table or json")
        }
    }

    func run() async throws {
        guard let request = SubjectRequestID(text: request) else {
            throw GatewayProblem("--request must be the id of a request for a copy")
        }
        var context = try target.load()
        context.purpose = .ownRequest
        let id = try await target.find(participant, in: context, tracing: query.trace)
        let disclosureID = DisclosureID.random(at: SystemClock.now())
        let disclosure = try await context.record(
            RecordDisclosure(
                id: disclosureID, participant: id, recipient: "peserta sendiri",
                sections: Section.allCases.filter(\.isPersonal), subjectRequest: request,
                document: "salinan-\(String(disclosureID.description.suffix(12)))"), target)
        let answers = await FanOut.ask(
            SubjectCopy.questions(id), within: .seconds(target.timeout), trace: query.trace,
            connect: context.caller(of:))
        let copy = SubjectCopy(
            participant: id, parts: answers.parts, missing: answers.missingParts)
        let notice = RedisclosureNotice(disclosure, zone: zone)
        try answers.report(query, context) {
            switch output {
            case .table: Console.data(notice.around(try copy.text()))
            case .json, .csv:
                Console.data(try Document(HandOut(notice: notice, content: copy)).text(.json))
            }
        }
    }
}
