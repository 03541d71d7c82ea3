internal import CBOR
internal import FoundationEssentials
internal import RPC
internal import Storage
internal import Vocabulary

extension Records {
    /// Reads one person's log out of the journal, which has it by its subjects.
    var accessLog: Handler {
        .unary(ReadAccessLog.self) { call, context in
            let limit = call.limit ?? 100
            guard (1...ReadAccessLog.limitMaximum).contains(limit) else {
                throw InvalidInput("limit", "must be 1 to \(ReadAccessLog.limitMaximum)")
            }
            return try await look(call, context) { snapshot in
                let entries = try snapshot.entries(
                    about: call.participant.uuid, after: call.after ?? 0, limit: limit + 1)
                let shown = entries.prefix(limit)
                return ReadAccessLog.Reply(
                    lines: try shown.map(AccessLine.init),
                    next: entries.count > limit ? shown.last?.position : nil)
            }
        }
    }
}

extension AccessLine {
    /// An entry says itself whether it is a read or a change.
    init(_ entry: JournalEntry) throws {
        guard entry.noun == "\(AccessEntry.noun)" else {
            self.init(
                position: entry.position, at: entry.at, actor: entry.actor,
                deed: "\(entry.noun) \(entry.verb)", outcome: .changed)
            return
        }
        let access = try CBORDecoder().decode(AccessEntry.self, from: entry.body)
        self.init(
            position: entry.position, at: entry.at, actor: entry.actor, deed: access.method,
            outcome: access.outcome, section: access.section, purpose: access.purpose,
            rule: access.rule, document: access.document)
    }
}
