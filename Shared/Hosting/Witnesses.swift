internal import Logging
internal import RPC
internal import Storage
internal import Vocabulary

/// The other two services as witnesses of this one's journal: tells them its head, and finds what
/// contradicts the head that they hold.
///
/// Each witness is asked by itself, every few seconds; one that does not answer holds up neither the
/// other nor the service.
struct Witnesses: Sendable {
    private let own: ServiceName
    private let callers: [ServiceName: Caller]
    private let store: Store
    private let state: HostState
    private let acceptance: RestoreAcceptance
    private let pace: JournalPace
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// Names the journal and who is asked about it.
    ///
    /// `callers`: of the services whose addresses are set.
    /// `acceptsRestored`: whether a head may take the place of one that contradicts it: with each
    ///   witness once, when it first answers.
    init(
        of own: ServiceName, callers: [ServiceName: Caller], store: Store, state: HostState,
        acceptsRestored: Bool, pace: JournalPace, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.own = own
        self.callers = callers
        self.store = store
        self.state = state
        acceptance = RestoreAcceptance(of: acceptsRestored ? Set(callers.keys) : [])
        self.pace = pace
        self.logger = logger
        self.now = now
    }

    /// Asks all, before the service is ready; returns when each has answered or had its time.
    ///
    /// - Throws: ``ContradictedJournal`` where one holds a head that does not fit.
    func begin() async throws {
        for name in ServiceName.allCases where name != own && callers[name] == nil {
            state.note(.unset, of: name)
            logger.warning(
                "the journal is not witnessed by a service whose address is not set",
                metadata: ["setting": "peers.\(name.rawValue)"])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (witness, caller) in callers {
                group.addTask { try await exchange(with: witness, caller) }
            }
            try await group.waitForAll()
        }
    }

    /// Tells all the head now and then, until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for (witness, caller) in callers {
                group.addTask {
                    while (try? await Task.sleep(for: pause(of: witness))) != nil {
                        await tell(witness, caller)
                    }
                }
            }
        }
    }

    /// One that has not answered is asked more often: a check that is due waits for it.
    private func pause(of witness: ServiceName) -> Duration {
        if case .unheard = state.witnesses[witness] { return min(pace.unheard, pace.deposit) }
        return pace.deposit
    }

    /// Tells all the head once more, for they are not told of the next start.
    func end() async {
        await withTaskGroup(of: Void.self) { group in
            for (witness, caller) in callers {
                group.addTask { await tell(witness, caller) }
            }
        }
    }

    private func tell(_ witness: ServiceName, _ caller: Caller) async {
        do {
            try await exchange(with: witness, caller)
        } catch {
            guard state.raise("\(error)") else { return }
            store.endPositions()
            logger.critical(
                "the service answers no more: its journal contradicts a witness",
                metadata: ["witness": "\(witness.rawValue)", "reason": "\(error)"])
        }
    }

    /// One exchange with a witness, which may need a few calls; notes how it stands.
    private func exchange(
        with witness: ServiceName, _ caller: Caller
    ) async throws(ContradictedJournal) {
        let standing: WitnessStanding
        do {
            standing = try await WitnessExchange(
                own: own, witness: witness, caller: caller, store: store,
                acceptsRestored: acceptance.isOpen(for: witness), patience: pace.patience, now: now
            ).run()
            acceptance.use(for: witness)
        } catch let contradiction as ContradictedJournal {
            state.note(.contradicts, of: witness)
            throw contradiction
        } catch {
            guard !Task.isCancelled else { return }
            return noteUnheard(witness, error)
        }
        switch state.note(standing, of: witness) {
        case .agrees: break
        default:
            logger.notice(
                "a witness holds the journal's head", metadata: ["witness": "\(witness.rawValue)"])
        }
    }

    private func noteUnheard(_ witness: ServiceName, _ error: any Error) {
        if case .unheard = state.witnesses[witness] { return }
        state.note(.unheard(since: now()), of: witness)
        logger.warning(
            "a witness of the journal does not answer; it is asked again every few seconds",
            metadata: ["witness": "\(witness.rawValue)", "reason": "\(RPCFailure(error))"])
    }
}
