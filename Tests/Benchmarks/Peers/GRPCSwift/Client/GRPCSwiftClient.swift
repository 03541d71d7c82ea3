import ArgumentParser
import Foundation

/// The echo over grpc-swift-2: client.
@main
struct GRPCSwiftClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grpc-swift-client", abstract: "The echo of the benchmarks: client.")

    @OptionGroup var options: LoadOptions

    func run() async throws {
        try await Load(options, peer: try GRPCSwiftPeer(options)).run()
    }
}
