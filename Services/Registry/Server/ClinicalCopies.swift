internal import CBOR
internal import ClinicalAPI
internal import FoundationEssentials
package import RPC
package import Storage
internal import Vocabulary

/// What this service keeps of the clinical service's feed: what its rules of entry ask for.
package enum ClinicalCopies {
    /// Stores what an item says; kinds of record that nothing here needs are passed over.
    package static func apply(_ item: FeedItem, to transaction: borrowing Transaction) throws {
        guard let noun = item.noun.flatMap(ClinicalNoun.init), let body = item.body else { return }
        switch noun {
        case .screening:
            try transaction.putCopy(ScreeningCopy(read(ScreeningSummary.self, body)))
        case .urineTest:
            try transaction.putCopy(UrineTestCopy(read(UrineTestDay.self, body)))
        case .score, .attendance:
            break
        }
    }

    private static func read<Body: Decodable>(_ type: Body.Type, _ body: [UInt8]) throws -> Body {
        try CBORDecoder().decode(type, from: body)
    }
}

extension ScreeningCopy {
    /// Keeps one without a band too: it may take the place of one that had a band.
    fileprivate init(_ summary: ScreeningSummary) {
        self.init(
            administration: summary.administration, participant: summary.participant,
            day: summary.day, highestDrugBand: summary.highestDrugBand?.rawValue,
            replaces: summary.replaces)
    }
}

extension UrineTestCopy {
    fileprivate init(_ summary: UrineTestDay) {
        self.init(id: summary.test, participant: summary.participant, day: summary.day)
    }
}
