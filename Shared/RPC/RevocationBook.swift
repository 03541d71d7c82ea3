private import Synchronization
package import Vocabulary

/// What a process knows to be revoked, and whom it tells when that becomes more.
///
/// Every connection asks it, so it is kept in memory; a service reads it from its store when it
/// starts, and adds what it hears.
package final class RevocationBook: Sendable {
    private struct State {
        var revoked = RevocationSet()
        var tell: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds what is revoked; whoever watches is told at once where it is news.
    package func insert(_ revoked: RevokedCertificates...) { insert(contentsOf: revoked) }

    /// Adds all of it, and tells once.
    package func insert(contentsOf revoked: [RevokedCertificates]) {
        let tell = state.withLock { state in
            let isNews = revoked.count { state.revoked.insert($0) } > 0
            return isNews ? state.tell : nil
        }
        tell?()
    }

    package func contains(_ certificate: CertificateFacts) -> Bool {
        state.withLock { $0.revoked.contains(certificate) }
    }

    /// Has somebody told of all that is added from now on; there is one at a time.
    ///
    /// `tell`: called on the thread that adds; nil where nobody watches any more.
    package func watch(_ tell: (@Sendable () -> Void)?) {
        state.withLock { $0.tell = tell }
    }
}
