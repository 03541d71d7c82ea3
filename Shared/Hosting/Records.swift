internal import FoundationEssentials
internal import Metrics
package import RPC
package import Storage
package import Vocabulary

/// A service's records as its handlers have them: nothing of a person is shown or changed without
/// a decision, and each decision and read is in the journal before the answer leaves.
///
/// A member of staff reaches people held where they work, or where their institution has an
/// agreement. Whoever is out of reach looks like somebody who does not exist.
package struct Records: Sendable {
    package let store: Store
    private let service: ServiceName
    private let directory: any PersonDirectory
    private let bounds: AccessBounds
    private let read: PeopleRead
    /// The most that one call names.
    private static let namedMaximum = 500

    package init(
        _ store: Store, of service: ServiceName, directory: some PersonDirectory,
        bounds: AccessBounds
    ) {
        self.store = store
        self.bounds = bounds
        read = PeopleRead(limit: bounds.peopleHourly)
        self.service = service
        self.directory = directory
    }

    /// Answers a call that changes nothing, from one consistent view.
    ///
    /// - Throws: what `body` throws; a refusal by ``AccessPolicy``; `unavailable` where the read
    ///   cannot be accounted for.
    package func look<M: RPCMethod>(
        _ call: M, _ context: CallContext,
        _ body: @escaping @Sendable (borrowing Snapshot) throws -> M.Reply
    ) async throws -> M.Reply {
        try await store.waitUntilSeen(service, context)
        guard let inquiry = try inquiry(call, context) else {
            return try await store.look(context, body)
        }
        let pace = EvenPace(step: bounds.refusalStep)
        let answer = await result {
            try AccessPolicy.checkPurpose(
                context.purpose, of: inquiry.reader.role, for: M.section)
            return try await store.look(context, judge: inquiry) { snapshot in
                try checkAge(M.self, context, in: snapshot)
                for named in call.namedPeople { try inquiry.admit(named, in: snapshot) }
                let reply = try Self.seen(body(snapshot), inquiry, context, in: snapshot)
                try checkCount(M.self, inquiry.shown(of: reply), context)
                return reply
            }
        }
        return try await close(inquiry, answer, naming: call.namedPeople, at: pace)
    }

    /// Refuses to show clinical records by what may not hold any more.
    private func checkAge<M: RPCMethod>(
        _ type: M.Type, _ context: CallContext, in snapshot: borrowing Snapshot
    ) throws {
        guard type.section.needsPurpose, service != .registry, let limit = bounds.registryAge
        else { return }
        let heardAt = try snapshot.feedState(ServiceName.registry.rawValue).heardAt
        guard let heardAt, context.now.seconds(since: heardAt) <= limit else {
            throw AccessPolicy.Refusal.copyTooOld
        }
    }

    /// Refuses to show more people than anybody can have to do with in an hour.
    private func checkCount<M: RPCMethod>(
        _ type: M.Type, _ people: Set<ParticipantID>, _ context: CallContext
    ) throws {
        guard type.section.needsPurpose else { return }
        try read.admit(people, to: context.identity, at: context.now)
    }

    /// Counts what was read within the last hour, as the journal has it: so nobody reads more by
    /// waiting for a restart.
    package func recallReads(at now: Timestamp) async throws {
        read.recall(
            try await store.read { try $0.countedReads(since: PeopleRead.start(at: now)) })
    }

    /// Answers a keyed call in one transaction, once for each idempotency key.
    package func perform<M: RPCMethod>(
        _ call: M, _ context: CallContext,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> M.Reply
    ) async throws -> M.Reply {
        try await store.waitUntilSeen(service, context)
        guard let inquiry = try inquiry(call, context) else {
            return try await store.perform(call, context, body)
        }
        let pace = EvenPace(step: bounds.refusalStep)
        let answer = await result {
            try await store.perform(call, context, judge: inquiry) { transaction in
                for named in call.namedPeople { try inquiry.admit(named, in: transaction) }
                let reply = try body(transaction)
                if let people = (reply as? any ShowsPeople)?.people {
                    try Self.note(inquiry.changes(of: people), in: transaction)
                }
                return reply
            }
        }
        return try await close(inquiry, answer, naming: call.namedPeople, at: pace)
    }

    /// Nil where nothing is to be decided: no person's data, or a service that has its own feed.
    private func inquiry<M: RPCMethod>(_ call: M, _ context: CallContext) throws -> Inquiry? {
        guard M.section.isPersonal, case .person(let reader) = context.identity else { return nil }
        guard call.namedPeople.count <= Self.namedMaximum else {
            throw InvalidInput(
                "participants", "one call names at most \(Self.namedMaximum) people; split it")
        }
        return Inquiry(M.self, by: reader, context, directory: directory)
    }

    /// What of a reply the caller may see; the reply says how many people are left out for want of
    /// consent, and how many pieces because they were told before a verdict.
    private static func seen<Reply>(
        _ reply: Reply, _ inquiry: Inquiry, _ context: CallContext, in snapshot: borrowing Snapshot
    ) throws -> Reply {
        if let told = reply as? any HoldsSelfReport {
            let (rest, left) = told.without(inquiry.wall())
            guard let rest else { throw AccessPolicy.Refusal.selfReportWalledOff }
            if left > 0 { context.notes.walledOff(left) }
            return rest as? Reply ?? reply
        }
        guard let list = reply as? any ShowsPeople else { return reply }
        var shown: Set<ParticipantID> = []
        var withheld = 0
        for id in list.people {
            switch try inquiry.verdict(on: id, in: snapshot) {
            case .granted: shown.insert(id)
            case .refused: withheld += 1
            case .outOfReach: break
            }
        }
        if withheld > 0 { context.notes.withheld(withheld) }
        return list.showing(shown.contains) as? Reply ?? reply
    }

    /// Accounts for a call before its answer leaves.
    private func close<Reply>(
        _ inquiry: Inquiry, _ answer: Result<Reply, any Error>, naming named: [ParticipantID],
        at pace: EvenPace
    ) async throws -> Reply {
        let entries: [AccessEntry]
        let end: Result<Reply, any Error>
        var bulkRead: RefusedBulkRead?
        var isNobody = false
        switch answer {
        case .success(let reply):
            entries = inquiry.entries(showing: (reply as? any ShowsPeople)?.people)
            end = .success((reply as? any MaskedInReplies)?.masked as? Reply ?? reply)
        case .failure(let error as AccessPolicy.Refusal):
            entries = inquiry.entries(refusedBy: error.rawValue, naming: named)
            end = .failure(error.failure(of: inquiry.section))
        case .failure(let excess as TooManyPeople):
            let rule = AccessPolicy.Refusal.tooManyPeople
            entries = inquiry.entries(refusedBy: rule.rawValue, naming: named)
            bulkRead = inquiry.refused(by: excess)
            end = .failure(rule.failure(of: inquiry.section))
        case .failure(let error) where Inquiry.meansNobody(error):
            entries = inquiry.entries(refusedBy: Inquiry.outOfReach, naming: named)
            end = .failure(inquiry.nobody)
            isNobody = true
        case .failure:
            entries = inquiry.entries(showing: [])
            end = answer
        }
        try await account(entries, bulkRead)
        if isNobody { await pace.wait() }
        return try end.get()
    }

    private func account(
        _ entries: [AccessEntry], _ bulkRead: RefusedBulkRead? = nil
    ) async throws(RPCFailure) {
        guard !entries.isEmpty else { return }
        for entry in entries {
            guard let rule = entry.rule else { continue }
            Counter(label: "access_refusals_total", dimensions: [("rule", rule)]).increment()
        }
        let note: @Sendable (borrowing Transaction) throws -> Void = { transaction in
            try Self.note(entries, in: transaction)
            if let bulkRead { try transaction.note(bulkRead) }
        }
        do {
            do {
                _ = try await store.write(note)
            } catch StorageError.diskFull
                where entries.contains(where: { $0.purpose == .emergency })
                && store.releaseReserve()
            {
                _ = try await store.write(note)
            }
        } catch {
            throw RPCFailure(
                .unavailable,
                "the journal cannot take the note of who read this, so nothing is shown; "
                    + "whoever runs the service finds the reason in its log",
                outcome: .notProcessed, retry: .later, rule: "not-accountable")
        }
    }

    /// Notes a call that was refused for its caller's role.
    func note(denied call: ServerCall) async throws(RPCFailure) {
        guard case .person(let person) = call.identity else { return }
        let inquiry = Inquiry(
            call.declaration, by: person, call.context, directory: directory)
        try await account(inquiry.refusals(of: call.namedPeople, by: "role"))
    }

    private static func note(
        _ entries: [AccessEntry], in transaction: borrowing Transaction
    ) throws {
        for entry in entries {
            try transaction.note(
                entry, noun: AccessEntry.noun, verb: entry.outcome.rawValue, key: entry.id,
                subject: entry.participant?.uuid, by: entry.actor, at: entry.at)
        }
    }

    private func result<Value>(
        _ body: () async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

extension AccessEntry {
    /// What the journal calls it.
    static let noun: StaticString = "access"
}
