internal import Logging
internal import Metrics
internal import RPC
internal import Storage
internal import Synchronization
internal import TLSTransport
internal import Vocabulary

/// Brings the certificates for which connections are refused into the journal, for as long as the
/// service runs.
///
/// A handshake only counts here, and never waits for the disk.
final class RefusedCertificates: CertificateRefusals {
    /// Between two looks at what was counted.
    private static let pace = Duration.seconds(1)

    private let store: Store
    private let state: HostState
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let tally = Mutex(RefusalTally())

    init(
        store: Store, state: HostState, logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.state = state
        self.logger = logger
        self.now = now
    }

    func note(
        _ certificate: ShownCertificate, _ reason: RefusedCertificate.Reason, from: String
    ) {
        let time = now()
        tally.withLock { $0.add(certificate, reason, from: from, at: time) }
        Counter(
            label: "certificate_refusals_total", dimensions: [("rule", reason.rawValue)]
        ).increment()
    }

    /// Writes what is counted until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.pace)
            await write()
        }
    }

    /// `isLast`: whether nothing can be counted any more.
    func write(isLast: Bool = false) async {
        // An altered journal gets nothing more, and one that may be is asked for first.
        guard case .open = state.gate else { return }
        let time = now()
        let due = tally.withLock { $0.due(at: time, isLast: isLast) }
        do {
            if !due.isEmpty {
                _ = try await store.write { transaction in
                    for refused in due {
                        try transaction.put(refused, verb: "noted", by: "tls", at: time)
                    }
                }
            }
            tally.withLock { $0.wrote(due, at: time) }
        } catch {
            // They stay counted, and are written as soon as the journal takes them.
            logger.warning(
                "the journal does not take which certificates were refused; trying again",
                metadata: ["reason": "\(error)"])
        }
    }
}
