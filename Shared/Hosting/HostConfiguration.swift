internal import Configuration
internal import Foundation
internal import SystemPackage
package import TLSTransport
package import Vocabulary

/// What a service needs to know to run.
///
/// It is read from a JSON file, the environment and the command line; of a value given twice the
/// later source wins. A key `store.directory` is `PULIH_STORE_DIRECTORY` in the environment.
package struct HostConfiguration: Sendable {
    /// Where to listen; port 0 lets the system choose.
    package var listen: ServiceAddress
    package var tls: TLSFiles
    /// The directory of the store.
    package var storeDirectory: String
    /// The file with the 32 bytes, written as 64 hexadecimal digits, that key the journal.
    package var journalKeyFile: String
    /// Where the services are whose feeds are followed.
    package var peers: [ServiceName: ServiceAddress]
    /// A file to which the port is written once calls are taken, for tests and scripts.
    package var portFile: String?
    package var logLevel: String
    /// Where systemd puts what `LoadCredential=` names; nil where it does not run the service.
    package var credentialsDirectory: String?

    /// Reads the configuration.
    ///
    /// `file`: a JSON file; nil where there is none.
    /// `flags`: what the command line says, by key.
    /// - Throws: ``ConfigurationProblem`` naming the key and what is wrong with it.
    package static func read(
        file: String?, environment: [String: String], flags: [String: String]
    ) async throws(ConfigurationProblem) -> HostConfiguration {
        var flagValues: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in flags {
            flagValues[AbsoluteConfigKey(key.split(separator: ".").map(String.init))] =
                ConfigValue(.string(value), isSecret: false)
        }
        var variables: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix("PULIH_") {
            variables[String(name.dropFirst("PULIH_".count))] = value
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: flagValues),
            EnvironmentVariablesProvider(environmentVariables: variables),
        ]
        if let file {
            do {
                providers.append(
                    try await FileProvider<JSONSnapshot>(filePath: .init(file)))
            } catch {
                throw ConfigurationProblem(key: file, problem: "the file is not readable JSON")
            }
        }
        var configuration = try Self(ConfigReader(providers: providers))
        configuration.credentialsDirectory = environment["CREDENTIALS_DIRECTORY"]
        return configuration
    }

    private init(_ reader: ConfigReader) throws(ConfigurationProblem) {
        func text(_ key: String) throws(ConfigurationProblem) -> String {
            guard let value = reader.string(forKey: ConfigKey(key)), !value.isEmpty else {
                throw ConfigurationProblem(key: key, problem: "is not set")
            }
            return value
        }
        func address(_ key: String) throws(ConfigurationProblem) -> ServiceAddress {
            guard let address = ServiceAddress(text: try text(key)) else {
                throw ConfigurationProblem(key: key, problem: "must be HOST:PORT")
            }
            return address
        }
        listen = try address("listen")
        tls = TLSFiles(
            certificate: try text("tls.certificate"), key: try text("tls.key"),
            authorities: try text("tls.authorities"))
        storeDirectory = try text("store.directory")
        journalKeyFile = try text("store.journalKey")
        peers = [:]
        for name in ServiceName.allCases {
            let key = "peers.\(name.rawValue)"
            guard reader.string(forKey: ConfigKey(key)) != nil else { continue }
            peers[name] = try address(key)
        }
        portFile = reader.string(forKey: "portFile")
        logLevel = reader.string(forKey: "log.level") ?? "info"
    }

    /// The journal's key.
    ///
    /// - Throws: ``ConfigurationProblem`` where the file is missing, readable by others, or does
    ///   not hold 64 hexadecimal digits.
    package func journalKey() throws(ConfigurationProblem) -> [UInt8] {
        func problem(_ text: String) -> ConfigurationProblem {
            ConfigurationProblem(key: "store.journalKey", problem: "\(journalKeyFile) \(text)")
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: journalKeyFile)
        guard let mode = attributes?[.posixPermissions] as? NSNumber,
            let content = try? String(contentsOfFile: journalKeyFile, encoding: .utf8)
        else { throw problem("cannot be read") }
        // systemd lets the service in by an access list, which shows as a group's right to read;
        // the directory is closed to everybody else.
        let isCredential = credentialsDirectory.map { journalKeyFile.hasPrefix($0 + "/") } ?? false
        guard mode.intValue & (isCredential ? 0o037 : 0o077) == 0 else {
            throw problem("can be read by others; its mode must be 0600 or 0400")
        }
        let digits = Array(content.trimmingCharacters(in: .whitespacesAndNewlines).utf8)
        var key: [UInt8] = []
        for index in stride(from: 0, to: digits.count - digits.count % 2, by: 2) {
            let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { break }
            key.append(byte)
        }
        guard digits.count == 64, key.count == 32 else {
            throw problem("must hold 64 hexadecimal digits")
        }
        return key
    }
}

/// A setting with which a service cannot start.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let key: String
    package let problem: String

    package init(key: String, problem: String) {
        self.key = key
        self.problem = problem
    }

    package var description: String { "\(key): \(problem)" }
}
