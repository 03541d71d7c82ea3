import ArgumentParser
import RegistryAPI
import Shared

/// How a document is printed that has a part for each question to the services.
struct PaperOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "table (for paper) or json.")
    var output: OutputForm = .table
    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib

    func validate() throws {
        guard output != .csv else {
            throw ValidationError(
                "this document has parts of many forms: print a table or json")
        }
    }

    /// Asks for what a disclosure covers, for the purpose of the context, and prints it under its
    /// notice.
    func print(
        _ title: String, _ disclosure: Disclosure, isForSubject: Bool, _ target: TargetOptions,
        _ query: QueryOptions, _ context: GatewayContext
    ) async throws {
        let questions = ExcerptQuestions(
            sections: Set(disclosure.sections), isForSubject: isForSubject,
            period: RecordPeriod(disclosure, zone: zone))
        let answers = await FanOut.ask(
            questions.about(disclosure.participant), within: .seconds(target.timeout),
            trace: query.trace, connect: context.caller(of:))
        let excerpt = Excerpt(
            title: title, participant: disclosure.participant, parts: answers.parts,
            missing: answers.missingParts)
        let notice = RedisclosureNotice(disclosure, zone: zone)
        try answers.report(query, context) {
            switch output {
            case .table: Console.data(notice.around(try excerpt.text()))
            case .json, .csv: Console.data(try Document(excerpt, notice: notice).text(.json))
            }
        }
    }
}
