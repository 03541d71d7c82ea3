package import RPC
internal import Synchronization
package import Vocabulary

/// What stands against a running service, as far as its process knows.
package final class HostState: Sendable {
    private struct State {
        var isStopping = false
        var problems: [ServiceName: String] = [:]
        var certificateProblem: String?
        var certificate: CertificateState?
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether health says that the service is ready: it takes calls, no feed it follows has a
    /// problem that only a person can solve, and its certificate is one that peers accept.
    package var isReady: Bool {
        state.withLock {
            !$0.isStopping && $0.problems.isEmpty && $0.certificateProblem == nil
        }
    }

    /// Why peers refuse the certificate in use; nil where they do not.
    package var certificateProblem: String? { state.withLock { $0.certificateProblem } }

    /// How long the certificate in use holds; nil where there is none.
    package var certificate: CertificateState? { state.withLock { $0.certificate } }

    /// What is wrong with the feed of a peer; nil where nothing is.
    package func problem(with peer: ServiceName) -> String? {
        state.withLock { $0.problems[peer] }
    }

    func stop() { state.withLock { $0.isStopping = true } }

    /// Notes why peers refuse the certificate in use, and returns whether that is news.
    func note(certificateProblem problem: String?) -> Bool {
        state.withLock { state in
            defer { state.certificateProblem = problem }
            return state.certificateProblem != problem
        }
    }

    /// Notes how long the certificate in use holds, and returns whether what must be done is news.
    func note(_ certificate: CertificateState?) -> Bool {
        state.withLock { state in
            defer { state.certificate = certificate }
            return state.certificate?.warning != certificate?.warning
        }
    }

    /// Notes what is wrong with a feed, and returns whether that is news.
    func note(_ problem: String?, with peer: ServiceName) -> Bool {
        state.withLock { state in
            guard state.problems[peer] != problem else { return false }
            state.problems[peer] = problem
            return true
        }
    }
}
