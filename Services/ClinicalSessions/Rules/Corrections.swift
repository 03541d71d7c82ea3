package import ClinicalAPI
import RPC
package import Vocabulary

/// A record that a later one of its kind may correct.
package protocol Correctable {
    associatedtype Kind
    var id: Identifier<Kind> { get }
    var correction: Correction<Kind>? { get }
}

extension Administration: Correctable {}
extension Assessment: Correctable {}

/// Decides which records still stand.
package enum Corrections {
    /// Those that no later one corrects, in their order.
    package static func standing<Record: Correctable>(_ records: [Record]) -> [Record] {
        let corrected = Set(records.compactMap { $0.correction?.of })
        return records.filter { !corrected.contains($0.id) }
    }

    /// Whether a later record took the place of this one.
    package static func isCorrected<Record: Correctable>(
        _ id: Identifier<Record.Kind>, in records: [Record]
    ) -> Bool {
        records.contains { $0.correction?.of == id }
    }
}
