package import RPC
internal import Storage
package import Vocabulary

/// How a witness stands to this service's journal.
package enum WitnessStanding: Hashable, Sendable {
    /// The settings do not say where it is.
    case unset
    /// It has not answered since this moment.
    case unheard(since: Timestamp)
    /// It holds a head that fits.
    case agrees(position: Int64)
    /// It holds a head that does not: the alarm says which.
    case contradicts

    func notice(of witness: ServiceName) -> HealthNotice? {
        switch self {
        case .unset:
            HealthNotice(
                .witnessUnset, about: witness,
                "peers.\(witness.rawValue) is not set, so \(witness.rawValue) is no witness of this "
                    + "journal: set it to HOST:PORT")
        case .unheard(let since):
            HealthNotice(
                .witnessUnheard, about: witness,
                "\(witness.rawValue) has not answered as a witness of this journal since \(since)")
        case .agrees, .contradicts: nil
        }
    }
}

/// A journal that is not the one its witness was told of.
package struct ContradictedJournal: Error, Hashable, Sendable, CustomStringConvertible {
    package let witness: ServiceName
    package let contradiction: HeadContradiction
    /// The position that the witness holds.
    package let held: Int64
    /// When the witness took it.
    package let keptAt: Timestamp
    /// Where the journal ends.
    package let found: Int64

    package var description: String {
        let finding =
            switch contradiction {
            case .wentBack:
                "the journal ends at entry \(found), but \(witness.rawValue) has witnessed entry "
                    + "\(held) at \(keptAt): the newest entries were cut off, or an older copy was "
                    + "put back. "
            case .forked:
                "the journal's entry \(held) is not the one that \(witness.rawValue) has witnessed "
                    + "at \(keptAt): history was rewritten, or another copy was put in its place. "
            }
        return finding + StorageError.restoring
    }
}
