import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on register books, which decide the legal status.
package enum RegisterRules {
    private typealias Refusal = MoveRegister.Refusal

    /// The book somebody stands in; nil for somebody who was released, or was imported.
    package static func current(_ legal: LegalFacts) -> RegisterEntry? {
        legal.register.last { $0.until == nil }
    }

    /// The book somebody stood in on `day`; the day of a move belongs to the new book.
    package static func entry(_ legal: LegalFacts, on day: Day) -> RegisterEntry? {
        legal.register.last { entry in
            entry.from <= day && entry.until.map { day < $0 } ?? true
        }
    }

    /// The legal status that the present book gives; nil outside custody.
    package static func status(_ legal: LegalFacts) -> LegalStatus? {
        current(legal)?.number.book.legalStatus
    }

    /// When a verdict held: from the day somebody came to stand in a book for convicts until they
    /// stood in one for detainees again; nil where they never stood in a book.
    package static func verdicts(_ legal: LegalFacts) -> [VerdictPeriod]? {
        guard !legal.register.isEmpty else { return nil }
        var periods: [VerdictPeriod] = []
        var began: Day?
        for entry in legal.register {
            let isConvict = entry.number.book.legalStatus == .convict
            if isConvict, began == nil { began = entry.from }
            if !isConvict, let from = began {
                periods.append(VerdictPeriod(from: from, until: entry.from))
                began = nil
            }
        }
        if let began { periods.append(VerdictPeriod(from: began, until: nil)) }
        return periods
    }

    static func check(_ number: RegisterNumber, _ field: String) throws {
        try Input.text(number.number, field, max: Input.codeMax)
    }

    /// Moves somebody to another book, and closes the one they stood in.
    package static func move(
        _ call: MoveRegister, participant: Participant, facilityCodes: Set<String>, today: Day
    ) throws -> LegalChange {
        try check(call.number, "number")
        try Input.past(call.from, "from", today: today)
        guard participant.mergedInto == nil else { throw Refused(Refusal.merged) }
        guard participant.diedOn == nil else { throw Refused(Refusal.deceased) }
        if let code = call.facilityCode, !facilityCodes.contains(code) {
            throw Refused(Refusal.facilityUnknown)
        }
        let current = current(participant.legal)
        guard current?.number != call.number else { throw Refused(Refusal.alreadyThere) }
        if let last = participant.legal.register.last {
            try Input.order(
                call.from, "from", notBefore: last.until ?? last.from, of: "the present entry")
        }
        if let release = participant.releases.last {
            try Input.order(call.from, "from", notBefore: release.day, of: "the last release")
        }
        // A sentence that was served says nothing of the book of a new case.
        let returns = current == nil
        if !returns, let months = participant.legal.sentenceMonths,
            call.number.book.fits(sentenceMonths: months) == false
        {
            throw Refused(Refusal.bookDoesNotFit, call.number.book.rawValue)
        }
        var changed = participant
        if let index = changed.legal.register.lastIndex(where: { $0.until == nil }) {
            changed.legal.register[index].until = call.from
        }
        changed.legal.register.append(RegisterEntry(number: call.number, from: call.from))
        if let code = call.facilityCode { changed.facilityCode = code }
        if returns {
            changed.legal.sentenceMonths = nil
            changed.legal.caseArticles = []
            changed.legal.releaseDates = []
        }
        let back =
            current?.number.book.legalStatus == .convict
            && call.number.book.legalStatus == .detainee
        return LegalChange(participant: changed, warnings: back ? [.backToDetention] : [])
    }
}
