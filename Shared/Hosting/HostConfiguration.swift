internal import Foundation
internal import Logging
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
    /// How many days before the certificate or its authority ends the log and health warn.
    package var warnDays: Int
    /// The directory of the store.
    package var storeDirectory: String
    /// The file with the 32 bytes, written as 64 hexadecimal digits, that key the journal.
    package var journalKeyFile: String
    /// The file with the 32 bytes, written likewise, under which the store's data keys are sealed.
    package var encryptionKeyFile: String
    /// The file with the encryption key of before, for the start with which it is changed.
    package var encryptionKeyBeforeFile: String?
    /// Whether a store is let in that does not reach its sealed head.
    ///
    /// Nor to what its witnesses hold. Somebody restored it from a backup on purpose. The journal
    /// notes it, and those of the witnesses do; set it for one start.
    package var acceptsRestored: Bool
    /// Where the other services are, whose feeds are followed and who are witnesses of the journal:
    /// one address or several, the best first.
    package var peers: [ServiceName: [ServiceAddress]]
    /// A file to which the port is written once calls are taken, for tests and scripts.
    package var portFile: String?
    package var logLevel: String
    /// Seconds that open calls may still take when the service stops.
    package var stopSeconds: Int
    /// Where systemd puts what `LoadCredential=` names; nil where it does not run the service.
    package var credentialsDirectory: String?

    /// Reads the configuration.
    ///
    /// `file`: a JSON file; nil where there is none.
    /// `flags`: what the command line says, by key.
    /// - Throws: ``ConfigurationProblem`` naming the key, where it stands and what is wrong.
    package static func read(
        file: String?, environment: [String: String], flags: [String: String]
    ) async throws(ConfigurationProblem) -> HostConfiguration {
        var configuration = try Self(
            await Settings(file: file, environment: environment, flags: flags))
        configuration.credentialsDirectory = environment["CREDENTIALS_DIRECTORY"]
        return configuration
    }

    private init(_ settings: Settings) throws(ConfigurationProblem) {
        let nonEmpty: (String) -> String? = { $0.isEmpty ? nil : $0 }
        listen = try settings.required(.listen, "HOST:PORT", ServiceAddress.init(text:))
        tls = TLSFiles(
            certificate: try settings.required(.tlsCertificate, "a PEM file", nonEmpty),
            key: try settings.required(.tlsKey, "a PEM file", nonEmpty),
            authorities: try settings.required(.tlsAuthorities, "a PEM file", nonEmpty))
        warnDays =
            try settings.value(.tlsWarnDays, "whole days from 0 to 365") { text in
                Int(text).flatMap { (0...365).contains($0) ? $0 : nil }
            } ?? 21
        storeDirectory = try settings.required(.storeDirectory, "a directory", nonEmpty)
        journalKeyFile = try settings.required(
            .storeJournalKey, "a file with 64 hexadecimal digits", nonEmpty)
        encryptionKeyFile = try settings.required(
            .storeEncryptionKey, "a file with 64 hexadecimal digits", nonEmpty)
        encryptionKeyBeforeFile = try settings.value(
            .storeEncryptionKeyBefore, "a file with 64 hexadecimal digits", nonEmpty)
        acceptsRestored =
            try settings.value(.storeAcceptRestored, "true or false", Bool.init) ?? false
        peers = [:]
        for (name, key) in [
            (ServiceName.registry, Settings.Key.peersRegistry), (.clinical, .peersClinical),
            (.evaluation, .peersEvaluation),
        ] {
            peers[name] = try settings.parsed(key, "HOST:PORT, or several separated by commas") {
                text throws(ServiceAddress.Problem) in try ServiceAddress.list(text: text)
            }
        }
        portFile = try settings.value(.portFile, "a file", nonEmpty)
        let levels = Logger.Level.allCases.map(\.rawValue)
        logLevel =
            try settings.value(.logLevel, "one of \(levels.joined(separator: ", "))") { level in
                levels.contains(level) ? level : nil
            } ?? "info"
        stopSeconds =
            try settings.value(.stopSeconds, "whole seconds from 0 to 600") { text in
                Int(text).flatMap { (0...600).contains($0) ? $0 : nil }
            } ?? 10
    }
}
