internal import Logging
internal import RPC
internal import Storage
internal import Synchronization
internal import Vocabulary

/// A service as a witness of the other services' journals: takes their heads, and holds them.
///
/// What is held is one row for each in the service's own store, written when a head has moved; what
/// did not fit is an entry in its own journal, once for each new finding.
final class WitnessBook: Sendable {
    private struct Memory {
        /// The newest ticket of each service; a deposit uses it up.
        var tickets: [ServiceName: Int64] = [:]
        var confirmed: [ServiceName: Timestamp] = [:]
    }

    private let own: ServiceName
    private let store: Store
    private let logger: Logger
    private let memory = Mutex(Memory())

    init(_ own: ServiceName, store: Store, logger: Logger) {
        self.own = own
        self.store = store
        self.logger = logger
    }

    var handlers: [Handler] {
        [.unary(AskWitness.self, answer), .unary(DepositHead.self, take)]
    }

    /// The heads that are held, and what did not fit them.
    func held() async throws -> [HeldHead] {
        let rows = try await store.read { try $0.witnessed() }
        let confirmed = memory.withLock { $0.confirmed }
        return rows.compactMap { name, held in
            guard let service = ServiceName(rawValue: name) else { return nil }
            return HeldHead(
                of: service, head: HeadMark(held.head), keptAt: held.at,
                confirmedAt: confirmed[service], refused: held.refused.flatMap(RefusedHead.init))
        }
    }

    /// What health says of the others' journals.
    func notices() async throws -> [HealthNotice] {
        try await held().compactMap { held in
            held.refused.map { refused in
                HealthNotice(
                    .headRefused, about: held.of,
                    "\(held.of.rawValue)'s journal contradicts entry \(held.head.position), which is "
                        + "held here: since \(refused.at) it \(refused.text)")
            }
        }
    }

    private func answer(
        _ call: AskWitness, _ context: CallContext
    ) async throws -> AskWitness.Reply {
        let ticket = Self.service(context.identity).flatMap { service -> Int64? in
            guard service != own else { return nil }
            let ticket = Int64.random(in: 1...Int64.max)
            memory.withLock { $0.tickets[service] = ticket }
            return ticket
        }
        return AskWitness.Reply(heads: try await held(), ticket: ticket)
    }

    private func take(
        _ deposit: DepositHead, _ context: CallContext
    ) async throws -> DepositHead.Reply {
        guard let service = Self.service(context.identity), service != own else {
            throw RPCFailure(.permissionDenied, "nobody is a witness of their own journal")
        }
        try WitnessRule.check(deposit)
        let isFresh = memory.withLock { memory in
            guard memory.tickets[service] == deposit.ticket else { return false }
            memory.tickets[service] = nil
            return true
        }
        guard isFresh else { return DepositHead.Reply(.again) }
        let taking = Taking(service: service, deposit: deposit, at: context.now)
        let taken = try await store.write { try taking.run($0) }.value
        if taken.reply.verdict == .kept || taken.reply.verdict == .accepted {
            memory.withLock { $0.confirmed[service] = context.now }
        }
        if taken.isNews { tell(service, deposit, taken) }
        return taken.reply
    }

    private func tell(_ service: ServiceName, _ deposit: DepositHead, _ taken: Taking.Taken) {
        let metadata: Logger.Metadata = [
            "service": "\(service.rawValue)", "held": "\(taken.held)",
            "found": "\(deposit.head.position)",
            "contradiction": "\(taken.reply.contradiction?.rawValue ?? "-")",
        ]
        switch taken.reply.verdict.known {
        case .refused:
            logger.critical("a journal contradicts the head that is held of it", metadata: metadata)
        case .accepted:
            logger.warning(
                "a restored journal was accepted in the place of the one that was witnessed",
                metadata: metadata)
        default:
            logger.notice("a journal fits again the head that is held of it", metadata: metadata)
        }
    }

    private static func service(_ identity: Identity) -> ServiceName? {
        if case .service(let service) = identity { service.name } else { nil }
    }
}

/// One deposit on its way into the store.
private struct Taking: Sendable {
    let service: ServiceName
    let deposit: DepositHead
    let at: Timestamp

    struct Taken: Sendable {
        let reply: DepositHead.Reply
        /// The position that was held before.
        let held: Int64
        /// Whether the journal of the witness got an entry.
        let isNews: Bool
    }

    func run(_ transaction: borrowing Transaction) throws -> Taken {
        let before = try transaction.witnessed().first { $0.service == service.rawValue }?.held
        let (held, head) = (before?.head.position ?? 0, JournalHead(deposit.head))
        switch WitnessRule.judge(deposit, held: before?.head) {
        case .again:
            return Taken(reply: .init(.again), held: held, isNews: false)
        case .keep:
            let isResolved = before?.refused != nil
            if isResolved { try note(transaction, "resolved", nil, held) }
            if before?.head != head || isResolved {
                try transaction.setWitnessed(service.rawValue, WitnessedHead(head: head, at: at))
            }
            return Taken(reply: .init(.kept), held: held, isNews: isResolved)
        case .refuse(let contradiction) where deposit.acceptsRestored == true:
            try note(transaction, "accepted", contradiction, held)
            try transaction.setWitnessed(service.rawValue, WitnessedHead(head: head, at: at))
            return Taken(reply: .init(.accepted, contradiction), held: held, isNews: true)
        case .refuse(let contradiction):
            let reply = DepositHead.Reply(.refused, contradiction)
            guard var row = before, row.refused?.contradiction != contradiction.rawValue else {
                return Taken(reply: reply, held: held, isNews: false)
            }
            row.refused = WitnessedHead.Refused(
                contradiction: contradiction.rawValue, position: head.position, at: at)
            try note(transaction, "refused", contradiction, held)
            try transaction.setWitnessed(service.rawValue, row)
            return Taken(reply: reply, held: held, isNews: true)
        }
    }

    private func note(
        _ transaction: borrowing Transaction, _ verb: StaticString,
        _ contradiction: HeadContradiction?, _ held: Int64
    ) throws {
        try transaction.note(
            HeadNote(
                service: service, held: held, found: deposit.head.position,
                contradiction: contradiction),
            noun: "witness", verb: verb, by: "service/\(service.rawValue)", at: at)
    }
}

/// What the journal of a witness says of another's journal.
private struct HeadNote: Codable {
    let service: ServiceName
    /// The position that was held.
    let held: Int64
    /// The position of the head that was told.
    let found: Int64
    let contradiction: HeadContradiction?

    private enum CodingKeys: Int, CodingKey {
        case service = 1
        case held = 2
        case found = 3
        case contradiction = 4
    }
}

extension RefusedHead {
    fileprivate init?(_ refused: WitnessedHead.Refused) {
        guard let contradiction = HeadContradiction(rawValue: refused.contradiction) else {
            return nil
        }
        self.init(contradiction, position: refused.position, at: refused.at)
    }

    fileprivate var text: String {
        switch contradiction.known {
        case .wentBack: "ends at entry \(position) only"
        default: "has another entry there"
        }
    }
}
