package import RPC
internal import Synchronization
package import Vocabulary

/// What stands against a running service, as far as its process knows.
package final class HostState: Sendable {
    private struct State {
        var isStarting = false
        var isStopping = false
        var problems: [ServiceName: String] = [:]
        var certificateProblem: String?
        var certificate: CertificateState?
        var alarm: String?
        var witnesses: [ServiceName: WitnessStanding] = [:]
        var check: WholeCheck?
        var checkProblem: String?
        var disturbedAt: Timestamp?
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether health says that the service is ready: it takes calls, no feed it follows has a
    /// problem that only a person can solve, its certificate is one that peers accept, and its
    /// journal is the one that was written.
    package var isReady: Bool {
        state.withLock {
            !$0.isStarting && !$0.isStopping && $0.problems.isEmpty
                && $0.certificateProblem == nil && $0.alarm == nil
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

    // MARK: - The journal

    /// What of the service may be called.
    enum Gate {
        case open
        case starting
        case closed
    }

    var gate: Gate {
        state.withLock { $0.alarm != nil ? .closed : $0.isStarting ? .starting : .open }
    }

    /// Why journal or tables are taken for others than were written; nil where they are not.
    package var alarm: String? { state.withLock { $0.alarm } }

    /// The newest check of the whole journal; nil where none has ended yet.
    package var check: WholeCheck? { state.withLock { $0.check } }

    /// How each witness stands to the journal, those that are set and those that are not.
    package var witnesses: [ServiceName: WitnessStanding] { state.withLock { $0.witnesses } }

    func setStarting(_ isStarting: Bool) { state.withLock { $0.isStarting = isStarting } }

    /// Notes an alarm, which stays until the process ends; returns whether it is the first.
    func raise(_ alarm: String) -> Bool {
        state.withLock { state in
            guard state.alarm == nil else { return false }
            state.alarm = alarm
            return true
        }
    }

    /// Notes how a witness stands, and returns how it stood before.
    @discardableResult
    func note(_ standing: WitnessStanding, of witness: ServiceName) -> WitnessStanding? {
        state.withLock { $0.witnesses.updateValue(standing, forKey: witness) }
    }

    func note(check: WholeCheck) { state.withLock { $0.check = check } }

    /// Notes that something else than the service has written to the store; until the process ends.
    func note(disturbedAt time: Timestamp) { state.withLock { $0.disturbedAt = time } }

    /// Notes what keeps the journal from being looked over, and returns whether that is news.
    func note(checkProblem problem: String?) -> Bool {
        state.withLock { state in
            defer { state.checkProblem = problem }
            return (state.checkProblem == nil) != (problem == nil)
        }
    }

    /// What health tells of the service's own journal, in the order of the services' names.
    var notices: [HealthNotice] {
        let (alarm, witnesses, problem, disturbedAt) = state.withLock {
            ($0.alarm, $0.witnesses, $0.checkProblem, $0.disturbedAt)
        }
        let own = [
            alarm.map { HealthNotice(.journalAlarm, $0) },
            disturbedAt.map {
                HealthNotice(
                    .storeDisturbed,
                    "something else than this service has written to its store, found at \($0). "
                        + "Journal and tables are whole; find out who it was, because SQLite can "
                        + "lose what was acknowledged where two programs write")
            },
            problem.map { HealthNotice(.journalUnchecked, $0) },
        ]
        return own.compactMap { $0 }
            + ServiceName.allCases.compactMap { name in witnesses[name]?.notice(of: name) }
    }
}
