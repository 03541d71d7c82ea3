package import ArgumentParser
internal import Foundation
internal import Logging
internal import Vocabulary

/// The command line of a service's executable.
package struct DaemonCommand<Service: HostedService>: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "pulih-\(Service.name.rawValue)",
            abstract: "Runs the \(Service.name.rawValue) service until SIGTERM or SIGINT.",
            discussion: """
                Settings come from the file, the environment (PULIH_LISTEN, PULIH_TLS_CERTIFICATE,
                PULIH_STORE_DIRECTORY, …) and these flags; of a setting given twice the later wins.
                """,
            version: Release.version)
    }

    @Option(help: "A JSON file with settings.")
    package var config: String?

    @Option(help: "Where to listen, as HOST:PORT; port 0 lets the system choose.")
    package var listen: String?

    @Option(
        name: .customLong("set"),
        help: "A setting as KEY=VALUE, such as store.directory=/var/lib/pulih.")
    package var settings: [String] = []

    @Flag(help: "Check settings, certificates and key, and exit.")
    package var check = false

    package init() {}

    package func run() async throws {
        // A write to a connection that the peer has closed must be an error, not the end.
        signal(SIGPIPE, SIG_IGN)
        do {
            let configuration = try await HostConfiguration.read(
                file: config, environment: ProcessInfo.processInfo.environment, flags: flags())
            let host = ServiceHost<Service>(configuration, logger: try logger(configuration))
            if check {
                try host.check()
                print("pulih-\(Service.name.rawValue): settings, certificates and key are good")
            } else {
                try await host.run()
            }
        } catch {
            FileHandle.standardError.write(
                Data("pulih-\(Service.name.rawValue): \(error)\n".utf8))
            throw ExitCode(error is ConfigurationProblem ? 2 : 1)
        }
    }

    private func flags() throws -> [String: String] {
        var flags: [String: String] = [:]
        flags["listen"] = listen
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else {
                throw ConfigurationProblem(key: setting, problem: "must be KEY=VALUE")
            }
            flags[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
        return flags
    }

    private func logger(_ configuration: HostConfiguration) throws -> Logger {
        guard let level = Logger.Level(rawValue: configuration.logLevel) else {
            throw ConfigurationProblem(
                key: "log.level",
                problem: "must be one of \(Logger.Level.allCases.map(\.rawValue))")
        }
        var logger = Logger(label: "pulih.\(Service.name.rawValue)") {
            StreamLogHandler.standardError(label: $0)
        }
        logger.logLevel = level
        return logger
    }
}

/// Runs a service's executable; all that its `main` has to say.
package func runDaemon<Service: HostedService>(_ service: Service.Type) async {
    await DaemonCommand<Service>.main()
}
