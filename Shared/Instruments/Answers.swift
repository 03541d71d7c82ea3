/// What one person answered to one questionnaire: item code to answer code, as on the form.
///
/// An unanswered item is absent, never 0, and nothing is reversed or summed here. Items are
/// `"1"` to `"32"`; those of the ASSIST name question and substance, such as `"2/e"`. Written as
/// a plain map from item to answer, in the order of the item codes.
package struct Answers: Hashable, Sendable {
    package let values: [String: Int]

    /// The answer to an item; nil where it was not answered.
    package subscript(item: String) -> Int? { values[item] }

    package init(_ values: [String: Int] = [:]) {
        self.values = values
    }
}

extension Answers {
    /// The answer where it is one of `allowed`; an impossible one counts as missing.
    func answer(to item: String, among allowed: [Int]) -> Int? {
        guard let value = values[item], allowed.contains(value) else { return nil }
        return value
    }

    /// The answers to `items` that are possible, in their order.
    func answers(to items: [Int], among allowed: [Int]) -> [Int] {
        items.compactMap { answer(to: String($0), among: allowed) }
    }
}

extension Answers: Codable {
    /// An item code as it is written; only a reader makes one of an integer.
    ///
    /// The standard library's own dictionary keys would turn `"1"` into the integer 1, and the
    /// same answers would then be written in two forms.
    private struct Item: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(stringValue: String) {
            self.stringValue = stringValue
            intValue = nil
        }

        init(intValue: Int) {
            stringValue = String(intValue)
            self.intValue = intValue
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Item.self)
        var values: [String: Int] = [:]
        for item in container.allKeys {
            let value = try container.decode(Int.self, forKey: item)
            guard values.updateValue(value, forKey: item.stringValue) == nil else {
                throw DecodingError.dataCorruptedError(
                    forKey: item, in: container, debugDescription: "an item is answered twice")
            }
        }
        self.init(values)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Item.self)
        for (item, value) in values.sorted(by: { $0.key < $1.key }) {
            try container.encode(value, forKey: Item(stringValue: item))
        }
    }
}

/// Says which answer cannot be accepted, and why.
///
/// Its text quotes the answer: it is for whoever typed it, not for a log.
package struct AnswerError: Error, Hashable, Sendable {
    package enum Problem: Hashable, Sendable {
        /// The questionnaire does not ask this of anybody.
        case unknownItem
        /// No such answer can be ticked.
        case notAllowed(answer: Int, allowed: [Int])
        /// The form skips the item after that answer to `item`.
        case skipped(after: String, answer: Int)
        /// The answer claims what the answers to question `question` deny.
        case denied(byQuestion: String)
    }

    package let instrument: InstrumentCode
    /// As it was given; its length is the caller's.
    package let item: String
    package let problem: Problem

    package init(instrument: InstrumentCode, item: String, problem: Problem) {
        self.instrument = instrument
        self.item = item
        self.problem = problem
    }
}

extension AnswerError: CustomStringConvertible {
    /// One sentence for whoever typed the answer; a long item code is cut.
    package var description: String {
        let item = self.item.prefix(16)
        let form = instrument.rawValue
        return switch problem {
        case .unknownItem:
            "\(form) has no item \(item); leave it out"
        case .notAllowed(let answer, let allowed):
            "\(form) item \(item) cannot be \(answer); "
                + "answer one of \(allowed.map(String.init).joined(separator: ", ")), "
                + "or leave it out where it was not answered"
        case .skipped(let gate, let answer):
            "\(form) item \(item) is skipped where item \(gate) is \(answer); "
                + "leave it out, or correct item \(gate)"
        case .denied(let question):
            "\(form) item \(item) contradicts question \(question), where every answer is 0; "
                + "correct one of them"
        }
    }
}
