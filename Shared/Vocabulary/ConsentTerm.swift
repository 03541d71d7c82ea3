/// A consent as far as it decides who may read what.
package struct ConsentTerm: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case treatment
        case sharing
    }

    /// An event that ends it, where no date does.
    package enum EndingEvent: Hashable, Sendable {
        case exit
        case release
    }

    /// The record that it was signed under: a person can have several.
    package let record: ParticipantID
    package let kind: Kind
    /// What it still covers.
    package let covered: Set<Section>
    /// What it covered until that was taken back.
    package let withdrawn: Set<Section>
    package let signedOn: Day
    /// The latest day on which anything was taken back.
    package let withdrawnOn: Day?
    /// The last day on which it holds.
    package let expiresOn: Day?
    package let endsWith: EndingEvent?

    package init(
        record: ParticipantID, kind: Kind, covered: Set<Section>, withdrawn: Set<Section>,
        signedOn: Day, withdrawnOn: Day?, expiresOn: Day?, endsWith: EndingEvent?
    ) {
        self.record = record
        self.kind = kind
        self.covered = covered
        self.withdrawn = withdrawn
        self.signedOn = signedOn
        self.withdrawnOn = withdrawnOn
        self.expiresOn = expiresOn
        self.endsWith = endsWith
    }
}

/// A request of police, prosecutor or court as far as it was granted.
package struct LegalGrant: Hashable, Sendable {
    package let sections: Set<Section>
    /// The first and the last day on which they may be read for it.
    package let from: Day
    package let through: Day

    package init(sections: Set<Section>, from: Day, through: Day) {
        self.sections = sections
        self.from = from
        self.through = through
    }
}
