package import ClinicalAPI
package import Instruments
import RPC

/// Scores answers with the questionnaires that this program knows.
package enum Scoring {
    /// What the answers come to, if each could have been given on the form.
    ///
    /// - Throws: ``InvalidInput`` naming the first item that is wrong, without its answer.
    package static func sheet(
        of instrument: InstrumentCode, _ answers: Answers
    ) throws -> ScoreSheet {
        do {
            return instrument.instrument.score(try instrument.instrument.checked(answers))
        } catch {
            throw InvalidInput(field(error.item), problem(error.problem))
        }
    }

    /// The items of a questionnaire and what may be answered to each.
    package static func form(of instrument: InstrumentCode) -> DescribeInstrument.Reply {
        let known = instrument.instrument
        return DescribeInstrument.Reply(
            instrument: instrument, version: known.version, items: known.items)
    }

    /// An item code comes from the caller, so only a plain and short one is repeated.
    private static func field(_ item: String) -> String {
        let isPlain = item.utf8.allSatisfy { byte in
            switch byte {
            case 0x2d...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: false
            }
        }
        return isPlain && (1...16).contains(item.utf8.count) ? "answers.\(item)" : "answers"
    }

    private static func problem(_ problem: AnswerError.Problem) -> String {
        switch problem {
        case .unknownItem: "the questionnaire has no such item; leave it out"
        case .notAllowed(_, let allowed):
            "must be one of \(allowed.map(String.init).joined(separator: ", ")), "
                + "or be left out where it was not answered"
        case .skipped(let gate, _):
            "is skipped after the answer to item \(gate); leave it out, or correct that"
        case .denied(let question):
            "contradicts the answers to question \(question); correct one of them"
        }
    }
}
