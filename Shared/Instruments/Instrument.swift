/// Names a questionnaire on the wire and in the records.
package enum InstrumentCode: String, Codable, Sendable, CaseIterable, Hashable {
    /// WHO's screening for alcohol, tobacco and eight kinds of drugs.
    case assist = "who-assist"
    /// Drug problems in the past twelve months.
    case dast10 = "dast-10"
    /// Stages of change.
    case urica32 = "urica-32"
    /// Quality of life in four domains.
    case whoqolBref = "whoqol-bref"
    /// Depression.
    case phq9 = "phq-9"

    /// The questionnaire's items and scoring key.
    package var instrument: any Instrument.Type {
        switch self {
        case .assist: ASSIST.self
        case .dast10: DAST10.self
        case .urica32: URICA.self
        case .whoqolBref: WHOQOLBREF.self
        case .phq9: PHQ9.self
        }
    }

    /// The key of one version; nil where it is not held here, and answers must not be scored.
    package func instrument(version: String) -> (any Instrument.Type)? {
        instrument.version == version ? instrument : nil
    }
}

/// What may be answered to one item; its wording is under copyright, and never stored here.
package struct ItemRule: Codable, Hashable, Sendable {
    /// As answers name it.
    package let code: String
    /// The answers that the form offers, ascending.
    package let allowed: [Int]

    package init(code: String, allowed: [Int]) {
        self.code = code
        self.allowed = allowed.sorted()
    }
}

extension ItemRule {
    static func numbered(_ items: ClosedRange<Int>, allowed: [Int]) -> [ItemRule] {
        items.map { ItemRule(code: String($0), allowed: allowed) }
    }
}

/// A questionnaire: what it asks, and what the answers come to.
package protocol Instrument {
    static var code: InstrumentCode { get }
    /// Of the scoring key: the publisher's number where it has one, otherwise how many items.
    static var version: String { get }
    /// Every item, in the order of the form.
    static var items: [ItemRule] { get }

    /// Scores any answers, checked or not, without ever failing.
    ///
    /// An answer that the form does not offer counts as missing; a missing one makes a score
    /// invalid, or prorated where the instrument's rules allow it.
    static func score(_ answers: Answers) -> ScoreSheet

    /// The first answer that another answer excludes; nil where they agree.
    static func contradiction(in answers: Answers) -> AnswerError?
}

extension Instrument {
    package static func contradiction(in answers: Answers) -> AnswerError? { nil }

    /// Returns the answers if each could have been given on the form.
    ///
    /// Missing answers are accepted: people may leave out what they will not say.
    ///
    /// - Throws: `AnswerError` for an item that is not asked, an answer that is not offered, or
    ///   answers that contradict each other; the first of them in the order of the form.
    package static func checked(_ answers: Answers) throws(AnswerError) -> Answers {
        let known = Set(items.map(\.code))
        if let item = answers.values.keys.filter({ !known.contains($0) }).min() {
            throw AnswerError(instrument: code, item: item, problem: .unknownItem)
        }
        for rule in items {
            guard let answer = answers[rule.code], !rule.allowed.contains(answer) else { continue }
            throw AnswerError(
                instrument: code, item: rule.code,
                problem: .notAllowed(answer: answer, allowed: rule.allowed))
        }
        if let contradiction = contradiction(in: answers) { throw contradiction }
        return answers
    }

    static func sheet(_ scores: [Score], alerts: [ScoreAlert] = []) -> ScoreSheet {
        ScoreSheet(instrument: code, version: version, scores: scores, alerts: alerts)
    }
}
