internal import RPC
internal import Storage
internal import Synchronization
internal import Vocabulary

/// One exchange with a witness: what it holds, whether the journal still has that, and the new head.
struct WitnessExchange: Sendable {
    let own: ServiceName
    let witness: ServiceName
    let caller: Caller
    let store: Store
    let acceptsRestored: Bool
    let patience: Duration
    let now: @Sendable () -> Timestamp

    /// How often a witness may say that it was told something else meanwhile.
    private static let attempts = 3

    /// - Throws: ``ContradictedJournal`` where the witness refuses the head.
    func run() async throws -> WitnessStanding {
        for _ in 0..<Self.attempts {
            let answer = try await caller.call(
                AskWitness(), options: CallOptions(timeout: patience))
            guard let ticket = answer.ticket else { break }
            let held = answer.heads.first { $0.of == own }
            // First the head, then what is before: what comes in between does no harm.
            let head = store.head
            let deposit = DepositHead(
                head: HeadMark(head), anchor: try await anchor(held, before: head),
                ticket: ticket, acceptsRestored: acceptsRestored ? true : nil)
            let reply = try await caller.call(deposit, options: CallOptions(timeout: patience))
            switch reply.verdict.known {
            case .kept: return .agrees(position: head.position)
            case .accepted:
                try await store.noteRestored(
                    witness: witness.rawValue, held: held?.head.position ?? 0, at: now())
                return .agrees(position: head.position)
            case .refused:
                throw ContradictedJournal(
                    witness: witness, contradiction: reply.contradiction?.known ?? .forked,
                    held: held?.head.position ?? 0, keptAt: held?.keptAt ?? now(),
                    found: head.position)
            case .again, .none: continue
            }
        }
        throw RPCFailure(
            .aborted, "\(witness.rawValue) took no head in \(Self.attempts) attempts")
    }

    /// What the journal now has at the position that the witness holds; nil where it ends before.
    private func anchor(_ held: HeldHead?, before head: JournalHead) async throws -> HeadMark? {
        guard let held, held.head.position <= head.position else { return nil }
        return try await store.mark(at: held.head.position).map(HeadMark.init)
    }
}

/// With which witnesses a restored store may still take the place of what they hold.
final class RestoreAcceptance: Sendable {
    private let open: Mutex<Set<ServiceName>>

    init(of witnesses: Set<ServiceName>) { open = Mutex(witnesses) }

    func isOpen(for witness: ServiceName) -> Bool { open.withLock { $0.contains(witness) } }

    func use(for witness: ServiceName) { open.withLock { _ = $0.remove(witness) } }
}
