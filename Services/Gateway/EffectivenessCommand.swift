import ArgumentParser
import EvaluationAPI
import Shared

/// `pulih effectiveness`: whether the program works.
struct EffectivenessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "effectiveness",
        abstract: "Reports whether the program works, every rate with its n of N.",
        discussion: """
            Intervals are of 95 %. What is not known is a dash, never zero. JSON is the service's \
            reply; CSV has a row for each figure.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only the program with this code.") var program: String?
    @Option(help: "Only this cohort.") var cohort: String?
    @Option(help: "Compares people by group, cohort, program or sex.") var by: Grouping = .none
    @Option(help: "Counts time from this day of each person.") var index: IndexDay = .release
    @Option(help: "Which events the main curve counts.") var outcome: OutcomeChoice = .anyReturn
    @Option(help: "The scale on which a curve's bounds are symmetric.")
    var bounds: BoundsForm = .log
    @Option(
        name: .customLong("day"), parsing: .upToNextOption,
        help: "Days after the index day at which curves are read off.")
    var days = [90, 182, 364, 730]
    @Option(help: "Counts nothing after this day (YYYY-MM-DD); today if not given.")
    var asOf: Day?

    func validate() throws {
        guard days.count <= ReportEffectiveness.horizonsMax, days.allSatisfy({ $0 > 0 }) else {
            throw ValidationError(
                "--day takes at most \(ReportEffectiveness.horizonsMax) numbers above 0")
        }
    }

    func run() async throws {
        let request = ReportEffectiveness(
            programCode: program, cohort: cohort, grouping: by, index: index, horizons: days,
            outcome: outcome, bounds: bounds, asOf: asOf)
        let context = try target.load()
        let questions: [FanOut<EffectivenessReport>.Question] = [
            .init(service: .evaluation, subject: "report") { try await $0.call(request) }
        ]
        let answers = await FanOut.ask(
            questions, within: .seconds(target.timeout), trace: query.trace,
            connect: context.caller(of:))
        try answers.report(query, context) {
            guard let report = answers.parts.first else { return }
            try output.print(report, csv: EffectivenessRows.table(report)) { width in
                EffectivenessText.text(report, width: width)
            }
        }
    }
}

extension Grouping: ExpressibleByArgument {}
extension IndexDay: ExpressibleByArgument {}
extension OutcomeChoice: ExpressibleByArgument {}
extension BoundsForm: ExpressibleByArgument {}

extension Day: ExpressibleByArgument {
    /// `YYYY-MM-DD`.
    package init?(argument: String) { self.init(text: argument) }
}
