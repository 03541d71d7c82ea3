import Logging
import Synchronization

/// Keeps what is logged, as rows of message and metadata.
final class LogKeeper: Sendable {
    private let kept = Mutex<[String]>([])

    var rows: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Keeper(log: self) } }

    private struct Keeper: LogHandler {
        let log: LogKeeper
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let details = (event.metadata ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            let row = ([event.message.description] + details).joined(separator: " ")
            log.kept.withLock { $0.append(row) }
        }
    }
}
