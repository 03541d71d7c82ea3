package import ClinicalAPI
import RPC
import Vocabulary

/// Decides whether counseling notes may be erased.
package enum NoteErasureRules {
    /// Checks a request; no term of the law retains notes beyond the medical record.
    ///
    /// - Throws: ``InvalidInput``, or `Refused<EraseNotes.Refusal>`.
    package static func check(_ call: EraseNotes, facts: RegistryFacts) throws {
        typealias Refusal = Refused<EraseNotes.Refusal>
        try Input.text(call.request, "request", atMost: 40)
        for hold in call.legalHolds { try Input.text(hold, "legalHolds", atMost: 40) }
        guard facts.knows(call.participant) else { throw Refusal(.participantUnknown) }
        guard call.legalHolds.isEmpty else {
            throw Refusal(.legalHold, call.legalHolds.joined(separator: ", "))
        }
    }
}
