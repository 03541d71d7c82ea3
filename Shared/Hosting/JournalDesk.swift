internal import RPC
internal import Storage
internal import Synchronization
internal import Vocabulary

/// Answers ``VerifyJournal``: one check of the whole at a time, however many ask.
final class JournalDesk: Sendable {
    private let store: Store
    private let state: HostState
    private let isBusy = Mutex(false)

    init(_ store: Store, _ state: HostState) {
        self.store = store
        self.state = state
    }

    /// Positions that one call may ask for.
    private static let positionsMaximum = 16
    /// What is left of the deadline for everything but the check.
    private static let reserve = Duration.milliseconds(500)

    var handler: Handler { .unary(VerifyJournal.self, answer) }

    private func answer(
        _ call: VerifyJournal, _ context: CallContext
    ) async throws -> VerifyJournal.Reply {
        guard call.positions.count <= Self.positionsMaximum else {
            throw InvalidInput("positions", "may be at most \(Self.positionsMaximum)")
        }
        let report = try await report(until: context.deadline.advanced(by: .zero - Self.reserve))
        if let report {
            state.note(
                check: WholeCheck(
                    entries: report.chain.entries, brokenAt: report.chain.brokenAt,
                    endedAt: context.now, alteredTables: report.alteredTables))
        }
        var marks: [HeadMark] = []
        for position in call.positions {
            // One that cannot be read is one that the journal does not have.
            if let mark = try? await store.mark(at: position) { marks.append(HeadMark(mark)) }
        }
        return VerifyJournal.Reply(
            head: HeadMark(store.head), check: state.check, checkedNow: report != nil, marks: marks)
    }

    private struct Report {
        let chain: ChainReport
        let alteredTables: [String]
    }

    /// Checks the whole; nil where another check runs, or this would end too late.
    private func report(until deadline: ContinuousClock.Instant) async throws -> Report? {
        let isFree = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard isFree else { return nil }
        defer { isBusy.withLock { $0 = false } }
        return try await withThrowingTaskGroup(of: Report?.self) { [store] group in
            group.addTask {
                Report(
                    chain: try await store.verifyChain(),
                    alteredTables: try await store.alteredTables())
            }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
