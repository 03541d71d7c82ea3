import ArgumentParser
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
    @OptionGroup var request: RequestOptions

    func run() async throws {
        let service = try KnownMethods.service(of: Method.name.text)
        try output.print(try await request.call(Method.self, of: service, target))
    }
}
