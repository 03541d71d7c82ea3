internal import Configuration
internal import Foundation
internal import SystemPackage

/// The settings of a service, each with where it came from.
///
/// Of a setting given twice the later source wins: file, environment, flags. A name that no
/// setting has is refused wherever it stands, because a misspelled one would be silently without
/// effect.
struct Settings {
    /// Every setting there is; `NAME` of a peer stands for a service.
    enum Key: String, CaseIterable {
        case listen
        case tlsCertificate = "tls.certificate"
        case tlsKey = "tls.key"
        case tlsAuthorities = "tls.authorities"
        case tlsWarnDays = "tls.warnDays"
        case storeDirectory = "store.directory"
        case storeJournalKey = "store.journalKey"
        case storeEncryptionKey = "store.encryptionKey"
        case storeEncryptionKeyBefore = "store.encryptionKeyBefore"
        case storeAcceptRestored = "store.acceptRestored"
        case peersRegistry = "peers.registry"
        case peersClinical = "peers.clinical"
        case peersEvaluation = "peers.evaluation"
        case accessRegistryAge = "access.registryAge"
        case accessPeopleHourly = "access.peopleHourly"
        case portFile
        case logLevel = "log.level"
        case stopSeconds = "stop.seconds"

        var path: AbsoluteConfigKey {
            AbsoluteConfigKey(rawValue.split(separator: ".").map(String.init))
        }
    }

    /// A value and where it was found, in the words of whoever gave it.
    struct Found {
        let text: String
        let source: String
    }

    private struct Source {
        let provider: any ConfigProvider
        /// What to call a setting's place, by the name that the source has for it.
        let place: (String) -> String
    }

    /// The last source first.
    private let sources: [Source]

    /// Variables of this project's other programs, which may be around: of the operators' command,
    /// the trial and the tests.
    private static let foreignVariables: Set<String> = [
        "CONTEXTS", "TRIAL", "PORTS", "BUILD", "SCHEDULES", "RECORD_CORPUS", "TAMPERINGS",
        "SECURITY",
    ]

    /// Reads the file, and refuses unknown names in all sources.
    init(
        file: String?, environment: [String: String], flags: [String: String]
    ) async throws(ConfigurationProblem) {
        let known = Set(Key.allCases.map(\.rawValue))
        if let name = flags.keys.filter({ !known.contains($0) }).sorted().first {
            throw ConfigurationProblem(key: name, source: "a flag", problem: Self.unknown)
        }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for key in Key.allCases {
            if let text = flags[key.rawValue] {
                values[key.path] = ConfigValue(.string(text), isSecret: false)
            }
        }
        var sources = [
            Source(provider: InMemoryProvider(name: "flags", values: values)) { _ in "a flag" },
            try Self.variables(environment),
        ]
        if let file { sources.append(try await Self.document(file, known: known)) }
        self.sources = sources
    }

    private static let unknown = "there is no such setting; --help names all"

    private static func variables(
        _ environment: [String: String]
    ) throws(ConfigurationProblem) -> Source {
        var variables: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix("PULIH_") {
            variables[String(name.dropFirst("PULIH_".count))] = value
        }
        let provider = EnvironmentVariablesProvider(environmentVariables: variables)
        let known = Set(
            Key.allCases.compactMap { key in
                try? provider.value(forKey: key.path, type: .string).encodedKey
            }
        ).union(foreignVariables)
        if let name = variables.keys.filter({ !known.contains($0) }).sorted().first {
            throw ConfigurationProblem(
                key: "PULIH_" + name, source: "the environment", problem: unknown)
        }
        return Source(provider: provider) { "the environment, PULIH_\($0)" }
    }

    private static func document(
        _ file: String, known: Set<String>
    ) async throws(ConfigurationProblem) -> Source {
        let provider: FileProvider<JSONSnapshot>
        let names: [String]
        do {
            provider = try await FileProvider<JSONSnapshot>(filePath: FilePath(file))
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            names = Self.names(in: try JSONSerialization.jsonObject(with: data))
        } catch {
            throw ConfigurationProblem(key: file, problem: "the file is not readable JSON")
        }
        if let name = names.filter({ !known.contains($0) }).sorted().first {
            throw ConfigurationProblem(key: name, source: file, problem: unknown)
        }
        return Source(provider: provider) { _ in file }
    }

    /// The dotted names of all values in a document.
    private static func names(in value: Any, below prefix: String = "") -> [String] {
        guard let object = value as? [String: Any] else { return [prefix] }
        return object.flatMap { name, value in
            names(in: value, below: prefix.isEmpty ? name : "\(prefix).\(name)")
        }
    }

    /// A setting as text; nil where no source has it.
    func found(_ key: Key) throws(ConfigurationProblem) -> Found? {
        for source in sources {
            let result: LookupResult
            do {
                result = try source.provider.value(forKey: key.path, type: .string)
            } catch {
                throw ConfigurationProblem(
                    key: key.rawValue, source: source.place(""),
                    problem: "must be text in quotation marks")
            }
            if case .string(let text)? = result.value?.content {
                return Found(text: text, source: source.place(result.encodedKey))
            }
        }
        return nil
    }

    /// A setting read as something; nil where no source has it.
    ///
    /// `expected`: what to write, for whoever wrote something else.
    func value<Value>(
        _ key: Key, _ expected: String, _ read: (String) -> Value?
    ) throws(ConfigurationProblem) -> Value? {
        guard let found = try found(key) else { return nil }
        guard let value = read(found.text) else {
            throw ConfigurationProblem(
                key: key.rawValue, source: found.source, problem: "must be \(expected)")
        }
        return value
    }

    /// A setting read by what says itself which part of the text is wrong.
    func parsed<Value, Problem: Error & CustomStringConvertible>(
        _ key: Key, _ expected: String, _ read: (String) throws(Problem) -> Value
    ) throws(ConfigurationProblem) -> Value? {
        guard let found = try found(key) else { return nil }
        do {
            return try read(found.text)
        } catch {
            throw ConfigurationProblem(
                key: key.rawValue, source: found.source,
                problem: "\(error.description); it must be \(expected)")
        }
    }

    /// A setting without which a service cannot start.
    func required<Value>(
        _ key: Key, _ expected: String, _ read: (String) -> Value?
    ) throws(ConfigurationProblem) -> Value {
        guard let value = try value(key, expected, read) else {
            throw ConfigurationProblem(
                key: key.rawValue, problem: "is not set; it must be \(expected)")
        }
        return value
    }
}

/// A setting with which a service cannot start.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let key: String
    /// Where the setting was found; nil where that is not the point.
    package let source: String?
    package let problem: String

    package init(key: String, source: String? = nil, problem: String) {
        self.key = key
        self.source = source
        self.problem = problem
    }

    package var description: String {
        "\(key)\(source.map { " (from \($0))" } ?? ""): \(problem)"
    }
}
