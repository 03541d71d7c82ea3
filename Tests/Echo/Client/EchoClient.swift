import ArgumentParser
import Foundation

/// Makes the calls of one case and measures or checks them.
@main
struct EchoClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulih-echo-client", abstract: "The echo of the benchmarks: client.")

    @OptionGroup var options: LoadOptions

    func run() async throws {
        let peer = try PulihPeer(options)
        if options.load == .soak {
            try await Soak(options, peer: peer).run()
        } else {
            try await Load(options, peer: peer).run()
        }
    }
}
