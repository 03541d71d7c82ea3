internal import Logging
internal import Storage
internal import Synchronization

/// Looks every few seconds whether the operator has put another encryption key in its file, and
/// seals the store's key file under it while calls go on.
///
/// Where systemd hands the key over as a credential, its copy changes with a start alone: then
/// `store.encryptionKeyBefore` names the key of before.
final class EncryptionKeyWatch: Sendable {
    private let configuration: HostConfiguration
    private let store: Store
    private let logger: Logger
    /// What was wrong with the file when it was last read; said once.
    private let problem = Mutex<String?>(nil)

    private static let interval = Duration.seconds(5)

    init(_ configuration: HostConfiguration, store: Store, logger: Logger) {
        self.configuration = configuration
        self.store = store
        self.logger = logger
    }

    /// Looks until it is cancelled.
    func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil { look() }
    }

    /// Looks once; the log says what it has brought.
    func look() {
        do {
            let isChanged = try store.changeEncryptionKey(to: configuration.encryptionKey())
            problem.withLock { $0 = nil }
            guard isChanged else { return }
            logger.notice(
                "the encryption key is changed; the one of before is needed for nothing here")
        } catch {
            let reason = "\(error)"
            let isNews = problem.withLock { known in
                defer { known = reason }
                return known != reason
            }
            guard isNews else { return }
            logger.warning(
                "the encryption key's file is not used; the key of before stays in use",
                metadata: ["reason": "\(reason)"])
        }
    }
}
