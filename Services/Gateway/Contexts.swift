import ArgumentParser
import Foundation
import Shared

/// The contexts of one person: which services, with which certificate.
struct Contexts: Codable {
    var current: String?
    var contexts: [String: GatewayContext] = [:]

    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["PULIH_CONTEXTS"] { return path }
        let home = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? ".") + "/.config"
        return home + "/pulih/contexts.json"
    }

    static func load() throws -> Contexts {
        guard FileManager.default.fileExists(atPath: path) else { return Contexts() }
        do {
            return try JSONDecoder().decode(
                Contexts.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw GatewayProblem("\(path) is not a readable list of contexts")
        }
    }

    /// The names there are to choose from, for a shell that completes one.
    static var names: [String] { (try? load())?.contexts.keys.sorted() ?? [] }

    func save() throws {
        let url = URL(fileURLWithPath: Self.path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: url, options: .atomic)
    }

    func chosen(_ name: String?) throws -> GatewayContext {
        guard let name = name ?? current else {
            throw GatewayProblem("no context is chosen; add one with `pulih context add`")
        }
        guard let context = contexts[name] else {
            throw GatewayProblem("there is no context \(name); see `pulih context list`")
        }
        return context
    }
}

/// Where the services are and who is calling.
struct GatewayContext: Codable {
    /// Addresses by the services' names: one each, or several separated by commas.
    var services: [String: String]
    var authorities: String
    var certificate: String
    var key: String
    /// For what its holder reads, where a command does not say otherwise.
    var purpose: PurposeOfUse?

    func caller(of service: ServiceName) throws -> Caller {
        guard let text = services[service.rawValue] else {
            throw GatewayProblem("the context has no address for \(service.rawValue)")
        }
        let addresses = try Self.addresses(text, "the context's address for \(service.rawValue)")
        let tls = TLSFiles(certificate: certificate, key: key, authorities: authorities)
        do {
            let context = try TLSContext(role: .caller, files: tls)
            let client = TLSClient(
                addresses, peer: service, context: context, agent: Release.agent)
            let transport = NotingTransport(
                transport: client, errand: .current, identity: context.identity)
            return Caller(transport, purpose: purpose) { .random(at: SystemClock.now()) }
        } catch {
            throw GatewayProblem(error.description, .refused)
        }
    }

    /// Reads the addresses of a service.
    ///
    /// `place`: where they stand, for whoever wrote something else.
    static func addresses(_ text: String, _ place: String) throws -> [ServiceAddress] {
        do {
            return try ServiceAddress.list(text: text)
        } catch {
            throw GatewayProblem("\(place): \(error)")
        }
    }
}

/// `pulih context`: which services to ask, and as whom.
struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Which services to ask, and as whom.",
        subcommands: [Add.self, List.self, Use.self, Check.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Adds or replaces a context.")

        @Argument(help: "The context's name.") var name: String
        @Option(help: "HOST:PORT of the registry; several with commas between are tried in turn.")
        var registry: String
        @Option(help: "HOST:PORT of clinical sessions, or several.") var clinical: String
        @Option(help: "HOST:PORT of evaluation, or several.") var evaluation: String
        @Option(help: "The trusted authorities (PEM).") var authorities: String
        @Option(help: "Your certificate (PEM).") var certificate: String
        @Option(help: "Your private key (PEM).") var key: String
        @Option(help: "For what you read records, such as TREAT, unless a command says otherwise.")
        var purpose: PurposeOfUse?

        func run() throws {
            let services = [
                "registry": registry, "clinical": clinical, "evaluation": evaluation,
            ]
            for (name, text) in services.sorted(by: { $0.key < $1.key }) {
                _ = try GatewayContext.addresses(text, "--\(name)")
            }
            var contexts = try Contexts.load()
            contexts.contexts[name] = GatewayContext(
                services: services, authorities: Self.absolute(authorities),
                certificate: Self.absolute(certificate), key: Self.absolute(key), purpose: purpose)
            contexts.current = contexts.current ?? name
            try contexts.save()
        }

        private static func absolute(_ path: String) -> String {
            URL(fileURLWithPath: path).path
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the contexts.")
        @OptionGroup var output: OutputOptions

        struct Line: Encodable {
            let name: String
            let current: Bool
            let certificate: String
        }

        func run() throws {
            let contexts = try Contexts.load()
            let lines = contexts.contexts.keys.sorted().map { name in
                Line(
                    name: name, current: name == contexts.current,
                    certificate: contexts.contexts[name]?.certificate ?? "")
            }
            try output.print(lines)
        }
    }

    struct Use: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Chooses a context.")
        @Argument(
            help: "The context's name.", completion: .custom { _, _, _ in Contexts.names })
        var name: String

        func run() throws {
            var contexts = try Contexts.load()
            _ = try contexts.chosen(name)
            contexts.current = name
            try contexts.save()
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a context: files, and whether each service takes the certificate.")
        @OptionGroup var target: TargetOptions
        @OptionGroup var query: QueryOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await HealthCommand.ask(target, query, output)
        }
    }
}

/// Whom to ask and how long to wait.
struct TargetOptions: ParsableArguments {
    @Option(
        help: "The context; the chosen one if not given.",
        completion: .custom { _, _, _ in Contexts.names })
    var context: String?
    @Option(help: "Seconds to wait.") var timeout: Double = 10
    @Option(
        help: "For what you read: TREAT, HOPERAT, PATADMIN, PATRQT, HRESCH, HLEGAL or ETREAT.")
    var purpose: PurposeOfUse?

    /// The chosen context, with the purpose that the command names.
    func load() throws -> GatewayContext {
        var chosen = try Contexts.load().chosen(context)
        chosen.purpose = purpose ?? chosen.purpose
        return chosen
    }

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout must be more than 0 and at most 3600 seconds")
        }
    }
}

extension PurposeOfUse: ExpressibleByArgument {}
