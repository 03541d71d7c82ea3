internal import Logging
internal import RPC
internal import Storage
internal import Vocabulary

/// Looks over the own journal and the tables for as long as the service runs.
///
/// What does not fit is an alarm: the service then answers nothing but health and the calls of
/// witnesses, because what it answers may be invented. It stays up, so that it can say so, and
/// remains a witness of the others.
struct JournalWatch: Sendable {
    let store: Store
    let state: HostState
    let pace: JournalPace
    let logger: Logger
    let now: @Sendable () -> Timestamp

    /// Checks the whole at once, because a start checks the end alone, and then a little at a time.
    func run() async {
        var patrol = store.patrol()
        var isFirst = true
        while !Task.isCancelled, state.alarm == nil {
            do {
                if isFirst {
                    let entries = try await patrol.whole()
                    note(entries)
                    logger.info("journal and tables verified", metadata: ["entries": "\(entries)"])
                    isFirst = false
                } else {
                    note(try await patrol.round(slice: pace.slice))
                }
                if state.note(checkProblem: nil) {
                    logger.notice("the journal is looked over again")
                }
            } catch {
                guard !Task.isCancelled else { return }
                judge(error)
            }
            try? await Task.sleep(for: pace.round)
        }
    }

    private func note(_ round: JournalPatrol.Round) {
        switch round {
        case .fits: break
        case .whole(let entries): note(entries)
        case .disturbed(let entries):
            note(entries)
            state.note(disturbedAt: now())
            logger.error(
                """
                something else than this service has written to the store; its journal and its \
                tables are whole
                """,
                metadata: ["entries": "\(entries)"])
        }
    }

    private func note(_ entries: Int64) {
        state.note(
            check: WholeCheck(entries: entries, brokenAt: nil, endedAt: now(), alteredTables: []))
    }

    private func judge(_ error: any Error) {
        guard let problem = error as? StorageError, problem.isOfForgery else {
            if state.note(checkProblem: "the journal cannot be looked over; the log has the reason")
            {
                logger.error(
                    "the journal cannot be looked over; trying again",
                    metadata: ["reason": "\(error)"])
            }
            return
        }
        if case .chainBroken(let position) = problem {
            state.note(
                check: WholeCheck(entries: position - 1, brokenAt: position, endedAt: now()))
        }
        if let tables = problem.alteredTables {
            state.note(
                check: WholeCheck(
                    entries: state.check?.entries ?? 0, brokenAt: nil, endedAt: now(),
                    alteredTables: tables))
        }
        guard state.raise("\(problem)") else { return }
        store.endPositions()
        do {
            try store.noteAlarm("\(problem)")
        } catch {
            logger.error(
                "the alarm is not kept for the next start", metadata: ["reason": "\(error)"])
        }
        logger.critical(
            "the service answers no more: its journal or its tables were altered",
            metadata: ["reason": "\(problem)"])
    }
}

extension StorageError {
    /// Whether journal or tables are not what was written, and not only out of reach.
    fileprivate var isOfForgery: Bool {
        switch self {
        case .chainBroken, .cutOff, .replaced, .fileReplaced, .tablesAltered, .tablesUnsealed,
            .tablesPutBack:
            true
        default: false
        }
    }
}
