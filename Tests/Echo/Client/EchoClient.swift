import ArgumentParser
import Foundation

/// Makes the calls of one case and measures them.
@main
struct EchoClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulih-echo-client", abstract: "The echo of the benchmarks: client.")

    @OptionGroup var options: LoadOptions

    func run() async throws {
        try await Load(options, peer: try PulihPeer(options)).run()
    }
}
