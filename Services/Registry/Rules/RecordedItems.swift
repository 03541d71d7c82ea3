import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on the recorded items of the legal minimum.
package enum ItemRules {
    private typealias Refusal = RecordItem.Refusal

    /// Records an item for somebody in `role`; `existing` is the item that has the call's id.
    package static func record(
        _ call: RecordItem, by role: Role, participant: Participant, existing: RecordedItem?,
        today: Day
    ) throws -> RecordedItem {
        let item = call.item
        try Input.text(item.text, "item.text", max: Input.textMax)
        try Input.optionalText(item.code, "item.code", max: 20)
        try Input.text(item.source, "item.source")
        try Input.past(item.recordedOn, "item.recordedOn", today: today)
        switch item.aspect {
        case .handled, .identity: break
        case .diagnosis:
            guard role == .physician else { throw Refused(Refusal.diagnosisNeedsPhysician) }
        case .substance, .lengthOfUse, .wayOfUse, .history:
            guard Set.clinicians.contains(role) else { throw Refused(Refusal.aspectNeedsClinician) }
        }
        guard participant.mergedInto == nil else { throw Refused(Refusal.merged) }
        if let existing {
            guard existing == item else { throw Refused(Refusal.idTaken) }
        }
        return item
    }

    /// The aspects of which nothing is recorded, in the order of the law.
    package static func missing(_ items: [RecordedItem]) -> [RecordedAspect] {
        let recorded = Set(items.map(\.aspect))
        return RecordedAspect.allCases.filter { !recorded.contains($0) }
    }
}
