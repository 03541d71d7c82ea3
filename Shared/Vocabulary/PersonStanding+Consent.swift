extension PersonStanding {
    /// How consent of one kind stands for a section, the narrowest last.
    package enum ConsentState: Int, Hashable, Sendable {
        case given
        /// Nobody has asked yet, or it was left out.
        case none
        /// It ended by its date or its event.
        case lapsed
        case withdrawn
    }

    /// What the consents of one record come to, and since when the person's word is so.
    private struct Word {
        let state: ConsentState
        let since: Day
    }

    /// What a person's consents come to for a section.
    ///
    /// Of the consents of one record one that holds is enough; where none does, taking one back
    /// weighs more than the end of another. Where records were merged the narrower holds: what one
    /// of them withholds is withheld, until a consent that was signed later, under the record that
    /// stands for the person, gives it.
    package func consent(_ kind: ConsentTerm.Kind, to section: Section) -> ConsentState {
        let signed = consents.filter { $0.kind == kind && $0.signedOn <= today }
        var words: [ParticipantID: Word] = [:]
        for (record, terms) in Dictionary(grouping: signed, by: \.record) {
            words[record] = word(terms, on: section)
        }
        let narrowest = words.values.max { $0.state.rawValue < $1.state.rawValue }
        guard let narrowest, narrowest.state != .given else { return narrowest?.state ?? .none }
        if let own = records.first.flatMap({ words[$0] }), own.state == .given,
            words.values.allSatisfy({ $0.state == .given || $0.since < own.since })
        {
            return .given
        }
        return narrowest.state
    }

    private func word(_ terms: [ConsentTerm], on section: Section) -> Word {
        let holding = terms.filter { $0.covered.contains(section) && holds($0) }
        if let latest = holding.map(\.signedOn).max() { return Word(state: .given, since: latest) }
        var state = ConsentState.none
        if terms.contains(where: { $0.covered.contains(section) }) { state = .lapsed }
        if terms.contains(where: { $0.withdrawn.contains(section) }) { state = .withdrawn }
        let days = terms.map { max($0.signedOn, $0.withdrawnOn ?? $0.signedOn) }
        return Word(state: state, since: days.max() ?? today)
    }

    /// A consent holds through the day of the event that ends it, and only an event after the
    /// signing ends it.
    private func holds(_ term: ConsentTerm) -> Bool {
        if let last = term.expiresOn, today > last { return false }
        let events =
            switch term.endsWith {
            case .exit: exits
            case .release: releases
            case nil: [Day]()
            }
        return !events.contains { $0 > term.signedOn && $0 < today }
    }
}
