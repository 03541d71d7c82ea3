import RPC
package import RegistryAPI
package import Vocabulary

/// Decides on sentences, release dates and the disciplinary register.
package enum LegalRules {
    static let datesMax = 200
    static let articlesMax = 30
    /// Twenty years is the longest sentence in years; consecutive ones are recorded together.
    static let sentenceMonthsMax = 600

    /// Records a sentence, and warns where the book no longer fits it.
    package static func setSentence(
        _ call: SetSentence, participant: Participant, today: Day
    ) throws -> LegalChange {
        try checkSentence(call.sentenceMonths)
        if let articles = call.caseArticles {
            try check(articles, today: today)
            if let index = articles.firstIndex(where: { CaseCodes.find($0) == nil }) {
                throw Refused(SetSentence.Refusal.articleUnknown, "article number \(index + 1)")
            }
        }
        var changed = participant
        changed.legal.sentenceMonths = call.sentenceMonths
        if let articles = call.caseArticles { changed.legal.caseArticles = articles }
        var warnings: [ParticipantWarning] = []
        let book = RegisterRules.current(changed.legal)?.number.book
        if book?.fits(sentenceMonths: call.sentenceMonths) == false {
            warnings.append(.bookDoesNotFitSentence)
        }
        if !changed.legal.caseArticles.allSatisfy({ CaseCodes.inForce($0) }) {
            warnings.append(.articleNotInForce)
        }
        return LegalChange(participant: changed, warnings: warnings)
    }

    /// Adds to the list of release dates.
    package static func setReleaseDate(
        _ call: SetReleaseDate, participant: Participant, today: Day
    ) throws -> LegalChange {
        try check(call.releaseDate, "releaseDate", today: today)
        try Input.count(
            participant.legal.releaseDates.count + 1, "releaseDate", 1...datesMax)
        var changed = participant
        changed.legal.releaseDates.append(call.releaseDate)
        return LegalChange(participant: changed, warnings: [])
    }

    /// Records an entry in register F, or its end.
    package static func setRegisterF(
        _ call: SetRegisterF, participant: Participant
    ) throws -> LegalChange {
        try Input.text(call.reason, "reason", max: Input.textMax)
        var changed = participant
        changed.legal.registerF = call.entered
        return LegalChange(participant: changed, warnings: [])
    }

    static func checkSentence(_ months: Int) throws {
        try Input.range(months, "sentenceMonths", 0...sentenceMonthsMax)
    }

    static func check(_ articles: [CaseArticle], today: Day) throws {
        try Input.count(articles.count, "caseArticles", 0...articlesMax)
        for article in articles {
            try Input.text(article.code, "caseArticles.code", max: 60)
            try Input.text(article.law, "caseArticles.law", max: Input.codeMax)
            if let day = article.offenseOn {
                try Input.past(day, "caseArticles.offenseOn", today: today)
            }
        }
    }

    static func check(_ date: ReleaseDate, _ field: String, today: Day) throws {
        try Input.past(date.recordedOn, "\(field).recordedOn", today: today)
        try Input.optionalText(date.authority, "\(field).authority")
        try Input.optionalText(date.letter, "\(field).letter", max: 80)
        // Neither a date nor days: the kind no longer applies.
        if date.date == nil, date.days == nil { return }
        switch date.kind {
        case .detentionExpiry, .sentenceExpiry, .twoThirds:
            guard date.date != nil, date.days == nil else {
                throw InvalidInput(field, "this kind has a date, and no days")
            }
        case .remission, .fineSubstitute:
            guard date.date == nil, let days = date.days else {
                throw InvalidInput(field, "this kind has days, and no date")
            }
            try Input.range(days, "\(field).days", 1...3660)
        }
        if date.kind == .detentionExpiry, date.authority == nil || date.letter == nil {
            throw InvalidInput(
                field, "the end of a detention needs the authority and the number of its letter")
        }
    }
}
