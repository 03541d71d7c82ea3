import ArgumentParser
import EvaluationAPI
import Shared

/// `pulih effectiveness`: whether the program works.
struct EffectivenessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "effectiveness",
        abstract: "Reports whether the program works, every rate with its n of N.",
        discussion: "Fields of the request are given as path=value, or as JSON with -f.")

    @OptionGroup var target: TargetOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "A JSON file with the request; - for standard input.")
    var file: String?

    @Argument(help: "Fields of the request as path=value.")
    var fields: [String] = []

    func run() async throws {
        let request = try RequestDocument(file: file, fields: fields).decode(
            ReportEffectiveness.self)
        do {
            let report = try await target.load().caller(of: .evaluation).call(
                request, options: CallOptions(timeout: .seconds(target.timeout)))
            try output.print(report)
        } catch let error as CallError<ReportEffectiveness.Refusal> {
            throw GatewayProblem(error.failure)
        }
    }
}
