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

                Needed: listen, tls.certificate, tls.key, tls.authorities, store.directory,
                store.journalKey, store.encryptionKey, and peers.NAME for each service that this
                one follows: HOST:PORT, or several separated by commas, of which the next is tried
                where one does not answer. Both other services are witnesses of the journal: where peers.NAME of one
                that is not followed is missing, the service starts, and health says so. Further:
                tls.warnDays (21), so many days before the certificate or its authority ends the
                log and health warn; access.registryAge (900), the seconds after which clinical
                records are not shown any more by what was heard of consents and revocations;
                access.peopleHourly (500), of how many people one caller reads clinical records or
                notes within an hour; log.level, stop.seconds, portFile, and
                store.acceptRestored=true for the one start after a store was restored from a
                backup, and store.encryptionKeyBefore=FILE for the start with which the encryption
                key is changed.

                New certificate, key, authority and encryption key files are used within seconds of
                being put in their places, and at once on SIGHUP.
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

    @Flag(help: "Check settings, certificates, key and peers, and exit.")
    package var check = false

    @Flag(help: "Check the whole journal and all tables, and exit; the service must be stopped.")
    package var verify = false

    @Flag(help: "Make all tables anew from the journal, and exit; the service must be stopped.")
    package var rebuild = false

    package init() {}

    package func run() async throws {
        // A write to a connection that the peer has closed must be an error, not the end.
        signal(SIGPIPE, SIG_IGN)
        do {
            // Before the first secret is read.
            try ClosedMemory.close()
            let configuration = try await HostConfiguration.read(
                file: config, environment: ProcessInfo.processInfo.environment, flags: flags())
            let host = ServiceHost<Service>(configuration, logger: logger(configuration))
            let name = "pulih-\(Service.name.rawValue)"
            if check {
                try host.check()
                print("\(name): settings, certificates, key and peers are good")
            } else if verify {
                let entries = try await host.verify()
                print("\(name): all \(entries) entries fit the chain, and the tables their seal")
            } else if rebuild {
                let altered = try await host.rebuild()
                print("\(name): the tables are made anew")
                if !altered.isEmpty {
                    let names = altered.joined(separator: ", ")
                    print("\(name): these held something else than was written: \(names)")
                }
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
                throw ConfigurationProblem(
                    key: setting, source: "--set", problem: "must be KEY=VALUE")
            }
            flags[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
        return flags
    }

    private func logger(_ configuration: HostConfiguration) -> Logger {
        var logger = Logger(label: "pulih.\(Service.name.rawValue)") {
            StreamLogHandler.standardError(label: $0)
        }
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
        return logger
    }
}

/// Runs a service's executable; all that its `main` has to say.
package func runDaemon<Service: HostedService>(_ service: Service.Type) async {
    await DaemonCommand<Service>.main()
}
