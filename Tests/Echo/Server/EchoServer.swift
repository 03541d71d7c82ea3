import ArgumentParser
import EchoAPI
import Foundation
import Shared

/// Answers the calls of the benchmarks, through the same router and listener as the services.
@main
struct EchoServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulih-echo-server", abstract: "The echo of the benchmarks: server.")

    @Option(help: "The own certificate (PEM).") var certificate: String
    @Option(help: "The own key (PEM).") var key: String
    @Option(help: "The trusted authorities (PEM).") var authorities: String
    @Option(help: "Where to write the port once calls are taken.") var portFile: String

    func run() async throws {
        let engine = try EchoEngine(
            TLSFiles(certificate: certificate, key: key, authorities: authorities))
        let port = try await engine.start()
        try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: portFile), options: .atomic)
        // The driver ends the process.
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
