import ArgumentParser
import Shared

/// `pulih health`: all three services at once.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Asks all services whether they are ready.")

    @OptionGroup var target: TargetOptions
    @OptionGroup var output: OutputOptions

    struct Line: Encodable {
        let service: String
        let state: String
        let position: Int64?
        let follows: String
    }

    func run() async throws { try await Self.ask(target, output) }

    static func ask(_ target: TargetOptions, _ output: OutputOptions) async throws {
        let context = try target.load()
        let answers = await FanOut.ask(ServiceName.allCases) { service in
            try await context.caller(of: service).call(
                CheckHealth(), options: CallOptions(timeout: .seconds(target.timeout)))
        }
        let lines = answers.legs.map { leg in
            switch leg.result {
            case .success(let reply):
                Line(
                    service: leg.service.rawValue, state: reply.ready ? "ready" : "not ready",
                    position: reply.position,
                    follows: reply.feeds.map { "\($0.of.rawValue) to \($0.position)" }
                        .joined(separator: ", "))
            case .failure(let failure):
                Line(
                    service: leg.service.rawValue, state: "\(failure.message)", position: nil,
                    follows: "")
            }
        }
        try output.print(lines)
        try answers.exitIfPartial()
    }
}
