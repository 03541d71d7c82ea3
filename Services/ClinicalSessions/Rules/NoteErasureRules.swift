package import ClinicalAPI
import RPC

/// Decides whether counseling notes may be erased.
package enum NoteErasureRules {
    /// Checks a request; no term of the law retains notes beyond the medical record.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<EraseNotes.Refusal>`.
    package static func check(_ call: EraseNotes) throws {
        try Input.text(call.request, "request", atMost: 40)
        for hold in call.legalHolds { try Input.text(hold, "legalHolds", atMost: 40) }
        guard call.legalHolds.isEmpty else {
            throw Refused(EraseNotes.Refusal.legalHold, "\(call.legalHolds.count) named")
        }
    }
}
