package import EvaluationAPI
package import Vocabulary

/// Recording contacts after release.
package enum Aftercare {
    /// Decides whether a contact is recorded.
    ///
    /// `standing` is the contact with the same id; where the call was made before, it is the
    /// answer again.
    package static func record(
        _ call: RecordContact, by person: PersonIdentity, releases: [ReleaseFact],
        standing: Contact?, on today: Day
    ) throws(RecordContact.Refusal) -> Contact {
        let contact = Contact(
            id: call.id, participant: call.participant, day: call.day, by: StaffMember(person),
            mode: call.mode, reached: call.reached, lastNegativeOn: call.lastNegativeOn,
            firstPositiveOn: call.firstPositiveOn, urine: call.urine, hasNote: call.hasNote,
            source: call.source)
        if let standing {
            guard standing == contact else { throw .idTaken }
            return standing
        }
        let released = releases.filter { $0.participant == call.participant }.map(\.day).min()
        guard let released else { throw .notReleased }
        guard call.day >= released else { throw .beforeRelease }
        guard call.day <= today else { throw .inFuture }
        let saysSomething = call.lastNegativeOn != nil || call.firstPositiveOn != nil
        let isOfOthers = call.source == .family || call.source == .partner
        guard call.reached || (call.urine == nil && (!saysSomething || isOfOthers)) else {
            throw .notReached
        }
        if let last = call.lastNegativeOn, let first = call.firstPositiveOn {
            guard last < first else { throw .intervalReversed }
        }
        let latest = [call.lastNegativeOn, call.firstPositiveOn].compactMap { $0 }.max()
        guard latest.map({ $0 <= call.day }) ?? true else { throw .intervalAfterContact }
        return contact
    }
}
