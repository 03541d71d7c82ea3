import ArgumentParser
import Foundation
import Shared

/// A command that makes one call: its request comes from JSON, from `field=value`, or from both.
///
/// The method's declaration gives the command its name, so every method has a command.
struct RequestCommand<Method: RPCMethod>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        let verb = Method.name.text.split(separator: ".").last.map(String.init) ?? ""
        return CommandConfiguration(
            commandName: verb, abstract: "Calls \(Method.name).",
            discussion: """
                Fields are given as path=value (identity.name=Budi), or as JSON with -f. A missing
                id is made up. A repeat with the same --key has no second effect.
                """)
    }

    @OptionGroup var target: TargetOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "A JSON file with the request; - for standard input.")
    var file: String?

    @Option(help: "The idempotency key (a UUID); made up if not given.")
    var key: String?

    @Argument(help: "Fields of the request as path=value.")
    var fields: [String] = []

    func run() async throws {
        let request = try RequestDocument(file: file, fields: fields).decode(Method.self)
        guard let name = Method.name.text.split(separator: ".").first,
            let service = ServiceName(rawValue: String(name))
        else { throw GatewayProblem("\(Method.name) belongs to no service") }
        let caller = try target.load().caller(of: service)
        do {
            let reply = try await caller.call(
                AsItCame(request),
                options: CallOptions(timeout: .seconds(target.timeout), key: try idempotencyKey()))
            try output.print(reply)
        } catch let error as CallError<Method.Refusal> {
            throw GatewayProblem(error.failure)
        }
    }

    private func idempotencyKey() throws -> IdempotencyKey? {
        guard let key else { return nil }
        guard let parsed = IdempotencyKey(text: key) else {
            throw GatewayProblem("--key must be a UUID")
        }
        return parsed
    }
}
