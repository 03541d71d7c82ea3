internal import FoundationEssentials
internal import RPC
package import Storage
internal import Synchronization
package import Vocabulary

/// One call on people's records: whom it has met on its way, and what was decided of each.
///
/// Somebody is judged once a call, when their record is first fetched or stored, or named: what
/// the call itself changes later, such as the facility of a transfer, does not count against it.
final class Inquiry: FetchJudge {
    private struct State {
        var verdicts: [ParticipantID: Verdict] = [:]
        var standings: [ParticipantID: PersonStanding] = [:]
        var outside: Set<ParticipantID> = []
        var isJudging = false
    }

    let reader: PersonIdentity
    let section: Section
    let method: MethodName
    private let context: CallContext
    private let directory: any PersonDirectory
    /// Whether consent is asked for: what is written is the treatment itself, which has rules of
    /// its own.
    private let isRead: Bool
    private let showsSelfReport: Bool
    private let state = Mutex(State())

    init(
        _ type: any RPCDeclaration.Type, by reader: PersonIdentity, _ context: CallContext,
        directory: any PersonDirectory
    ) {
        self.reader = reader
        self.context = context
        self.directory = directory
        section = type.section
        method = type.name
        isRead = type.repeatability == .readOnly
        showsSelfReport = type is any ShowsSelfReport.Type
    }

    /// Somebody whose records are not for this caller, or who does not exist: the two are one.
    struct OutOfReach: Error {}

    func judge<Source: Reading & ~Copyable>(
        _ subject: UUID, in source: borrowing Source
    ) throws {
        if state.withLock({ $0.isJudging }) { return }
        try admit(ParticipantID(subject), in: source)
    }

    /// Decides on one person, and throws where the decision is against the call.
    func admit<Source: Reading & ~Copyable>(
        _ id: ParticipantID, in source: borrowing Source
    ) throws {
        switch try verdict(on: id, in: source) {
        case .granted: return
        case .refused(let rule): throw rule
        case .outOfReach:
            state.withLock { _ = $0.outside.insert(id) }
            throw OutOfReach()
        }
    }

    enum Verdict: Equatable {
        case granted
        case refused(AccessPolicy.Refusal)
        case outOfReach
    }

    /// The decision on one person, the same throughout the call.
    func verdict<Source: Reading & ~Copyable>(
        on id: ParticipantID, in source: borrowing Source
    ) throws -> Verdict {
        if let known = state.withLock({ $0.verdicts[id] }) { return known }
        state.withLock { $0.isJudging = true }
        defer { state.withLock { $0.isJudging = false } }
        let verdict = try decide(on: id, in: source)
        state.withLock { $0.verdicts[id] = verdict }
        return verdict
    }

    private func decide<Source: Reading & ~Copyable>(
        on id: ParticipantID, in source: borrowing Source
    ) throws -> Verdict {
        guard let standing = try directory.standing(of: id, at: context.now, in: source),
            AccessPolicy.isInScope(reader, standing)
        else { return .outOfReach }
        state.withLock { $0.standings[id] = standing }
        guard isRead else { return .granted }
        let mustBeOfRole = context.purpose == .legal || standing.restricted.contains(section)
        if mustBeOfRole, let purpose = context.purpose, !reader.role.purposes.contains(purpose) {
            // In sections that need no purpose nobody has held it against the role yet.
            return .refused(.purposeNotOfRole)
        }
        if section.needsPurpose || mustBeOfRole, context.purpose == .emergency {
            let isOpen = try standing.records.contains {
                try source.hasEmergencyAccess(context.identity, to: $0, at: context.now)
            }
            return isOpen ? .granted : .refused(.emergencyNotOpen)
        }
        do throws(AccessPolicy.Refusal) {
            try AccessPolicy.checkConsent(
                to: section, for: context.purpose, standing, showsSelfReport: showsSelfReport)
            return .granted
        } catch {
            return .refused(error)
        }
    }

    /// Says of a day whether what any of the people met so far told on it is left out of this read.
    func wall() -> (Day) -> Bool {
        let met = Array(state.withLock { $0.standings }.values)
        let purpose = context.purpose
        return { day in met.contains { AccessPolicy.isWalledOff(day, for: purpose, $0) } }
    }

    /// Whom a reply shows: those it names, or those whose records were read for it.
    func shown(of reply: some Sendable) -> Set<ParticipantID> {
        if let people = (reply as? any ShowsPeople)?.people { return people }
        return state.withLock { Set($0.verdicts.filter { $0.value == .granted }.keys) }
    }

    /// What the journal keeps of the call: a row for everybody it showed or was refused.
    func entries(showing people: Set<ParticipantID>?) -> [AccessEntry] {
        state.withLock { state in
            var rows: [AccessEntry] = []
            for id in state.outside.sorted(by: Self.order) {
                rows.append(entry(id, .refused, Self.outOfReach))
            }
            for (id, verdict) in state.verdicts.sorted(by: { Self.order($0.key, $1.key) }) {
                switch verdict {
                case .refused(let rule): rows.append(entry(id, .refused, rule.rawValue))
                case .granted where isRead && people?.contains(id) ?? true:
                    rows.append(entry(id, .read, nil))
                case .granted, .outOfReach: break
                }
            }
            return rows
        }
    }

    /// What the journal keeps of a call that was refused: a row for everybody who was, or else for
    /// those it named, or for the one person whom it met.
    func entries(refusedBy rule: String, naming named: [ParticipantID]) -> [AccessEntry] {
        let rows = entries(showing: [])
        guard rows.isEmpty else { return rows }
        let met = state.withLock { Array($0.verdicts.keys) }
        return refusals(of: named.isEmpty && met.count == 1 ? met : named, by: rule)
    }

    /// Rows for a call that is refused before anybody is looked at; one even where it names nobody.
    func refusals(of people: [ParticipantID], by rule: String) -> [AccessEntry] {
        people.isEmpty ? [entry(nil, .refused, rule)] : people.map { entry($0, .refused, rule) }
    }

    /// The call as one that showed too many, for whoever must look at it.
    func refused(by excess: TooManyPeople) -> RefusedBulkRead {
        RefusedBulkRead(
            excess: excess, reader: context.identity, section: section, purpose: context.purpose,
            at: context.now)
    }

    /// Rows for a change of one record that several people have a part in.
    ///
    /// What changes the record of one is found by its subject, and needs no other row.
    func changes(of people: Set<ParticipantID>) -> [AccessEntry] {
        guard people.count > 1 else { return [] }
        return people.sorted(by: Self.order).map { entry($0, .changed, nil) }
    }

    private func entry(
        _ id: ParticipantID?, _ outcome: AccessEntry.Outcome, _ rule: String?
    ) -> AccessEntry {
        AccessEntry(
            id: UUID(), at: context.now, participant: id, actor: context.identity.description,
            method: method.text, section: section, purpose: context.purpose, outcome: outcome,
            rule: rule, call: context.id.description, document: context.document)
    }

    private static func order(_ left: ParticipantID, _ right: ParticipantID) -> Bool {
        left.description < right.description
    }
}

/// Knows how people stand, by whatever a service keeps of them.
package protocol PersonDirectory: Sendable {
    /// Nil for somebody of whom the service has not heard.
    func standing<Source: Reading & ~Copyable>(
        of id: ParticipantID, at now: Timestamp, in source: borrowing Source
    ) throws -> PersonStanding?
}
