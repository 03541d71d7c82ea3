package import RegistryAPI
package import Vocabulary

/// Articles of one law that came into force, and perhaps went out of force, together.
package struct CaseCode: Hashable, Sendable {
    /// As papers cite it.
    package let law: String
    package let articles: ClosedRange<Int>
    package let title: String
    package let validFrom: Day
    /// The last day in force; absent while in force.
    package let validUntil: Day?

    package init(
        law: String, articles: ClosedRange<Int>, title: String, validFrom: Day,
        validUntil: Day? = nil
    ) {
        self.law = law
        self.articles = articles
        self.title = title
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    /// Whether the articles were in force on `day`.
    package func inForce(on day: Day) -> Bool {
        day >= validFrom && validUntil.map { day <= $0 } ?? true
    }
}

/// The dated table of articles under which people are held.
///
/// The new penal code (UU 1/2023) took the place of the old on 2026-01-02. How far it, with
/// UU 1/2026, took the place of articles 111 to 126 of UU 35/2009 is for a lawyer to say: they
/// stand here without an end, so that no case is marked wrongly, until somebody dates them.
package enum CaseCodes {
    package static let table: [CaseCode] = [
        row("UU 35/2009", 111...126, "narcotics: growing, holding, dealing", narcotics),
        row("UU 35/2009", 127...127, "narcotics: use by oneself", narcotics),
        row("UU 35/2009", 128...148, "narcotics: other offenses", narcotics),
        row("UU 5/1997", 59...72, "psychotropic substances", Day(number: 9931)),
        row("UU 36/2009", 190...201, "health", Day(number: 14_530), Day(number: 19_576)),
        row("UU 17/2023", 427...448, "health", Day(number: 19_577)),
        row("KUHP 1946", 104...488, "crimes", Day(number: -8710), newCode.adding(days: -1)),
        row("UU 1/2023", 188...612, "crimes of the penal code", newCode),
    ]

    /// 2009-10-12.
    private static let narcotics = Day(number: 14_529)
    /// 2026-01-02.
    private static let newCode = Day(number: 20_455)

    private static func row(
        _ law: String, _ articles: ClosedRange<Int>, _ title: String, _ from: Day,
        _ until: Day? = nil
    ) -> CaseCode {
        CaseCode(law: law, articles: articles, title: title, validFrom: from, validUntil: until)
    }

    /// The row that an article is of; nil where the table has none.
    ///
    /// Only the number with which the article begins counts, not its paragraphs.
    package static func find(_ article: CaseArticle, in table: [CaseCode] = table) -> CaseCode? {
        let digits = article.code.prefix { $0.isASCII && $0.isNumber }
        // Longer ones would not fit an Int, and no law has that many articles.
        guard digits.count <= 4, let number = Int(digits) else { return nil }
        return table.first { $0.law == article.law && $0.articles.contains(number) }
    }

    /// Whether the article was in force on the day of the offense, as far as both are known.
    package static func inForce(
        _ article: CaseArticle, in table: [CaseCode] = table
    ) -> Bool {
        guard let code = find(article, in: table), let day = article.offenseOn else { return true }
        return code.inForce(on: day)
    }
}
