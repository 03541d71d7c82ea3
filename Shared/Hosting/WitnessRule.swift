internal import RPC
internal import Storage

/// What a witness makes of a head that it is told.
enum WitnessRule: Hashable {
    /// It goes on from the one that is held, or is the first.
    case keep
    /// The depositor has shown another position than the one that is held: it shall ask again.
    case again
    case refuse(HeadContradiction)

    /// Judges by what is held; nil where nothing is.
    static func judge(_ deposit: DepositHead, held: JournalHead?) -> WitnessRule {
        guard let held else { return .keep }
        guard deposit.head.position >= held.position else { return .refuse(.wentBack) }
        guard let anchor = deposit.anchor, anchor.position == held.position else { return .again }
        guard anchor.mac == held.mac else { return .refuse(.forked) }
        guard deposit.head.position > held.position || deposit.head.mac == held.mac else {
            return .refuse(.forked)
        }
        return .keep
    }

    /// Refuses what cannot be a head, before it is held against anything.
    static func check(_ deposit: DepositHead) throws(InvalidInput) {
        for (mark, name) in [(deposit.head, "head"), (deposit.anchor ?? deposit.head, "anchor")] {
            guard mark.position >= 0 else {
                throw InvalidInput("\(name).position", "counts from 0")
            }
            guard mark.mac.count == 32 else {
                throw InvalidInput("\(name).mac", "must have 32 bytes")
            }
        }
        guard deposit.anchor.map({ $0.position <= deposit.head.position }) ?? true else {
            throw InvalidInput("anchor.position", "cannot lie behind the head's")
        }
    }
}

extension HeadMark {
    init(_ head: JournalHead) { self.init(position: head.position, mac: head.mac) }
}

extension JournalHead {
    init(_ mark: HeadMark) { self.init(at: mark.position, mac: mark.mac) }
}
