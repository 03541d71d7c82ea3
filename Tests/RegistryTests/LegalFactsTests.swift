import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Legal facts")
struct LegalFactsTests {
    typealias Reason = MoveRegister.Refusal

    private func move(
        _ book: RegisterBook, _ number: String = "1/2026", from: String = "2026-02-01",
        facility: String? = nil, of participant: Participant = Example.participant()
    ) throws -> LegalChange {
        try RegisterRules.move(
            MoveRegister(
                participant: participant.id, number: RegisterNumber(book: book, number: number),
                from: day(from), facilityCode: facility),
            participant: participant, facilityCodes: Example.facilities, today: Example.today)
    }

    private func release(
        _ kind: ReleaseDate.Kind, _ date: String? = nil, days: Int? = nil
    ) -> ReleaseDate {
        ReleaseDate(
            kind: kind, date: date.map { day($0) }, days: days, authority: "PN Kraksaan",
            letter: "1", recordedOn: Example.today)
    }

    @Test("keep every register book with its dates")
    func history() throws {
        var participant = Example.participant()
        participant.legal.sentenceMonths = nil
        let moved = try move(.b3, of: participant).participant
        #expect(
            moved.legal.register.map(\.until) == [
                day("2025-09-01"), day("2026-02-01"), nil,
            ])
        let books = ["2025-06-01", "2025-09-01", "2026-01-31", "2026-02-01"].map {
            RegisterRules.entry(moved.legal, on: day($0))?.number.book
        }
        #expect(books == [.a1, .b1, .b1, .b3])
        #expect(RegisterRules.entry(moved.legal, on: day("2025-05-31")) == nil)
    }

    @Test("move only to a book that fits, once, in order, of the living")
    func moveRefusals() throws {
        #expect(refusal(Reason.self) { try move(.b2a) } == .bookDoesNotFit)
        #expect(refusal(Reason.self) { try move(.b1, "12/2025") } == .alreadyThere)
        #expect(try move(.b1, "13/2026").warnings.isEmpty)
        #expect(try move(.a3).warnings == [.backToDetention])
        #expect(refusal(Reason.self) { try move(.a3, facility: "rutan-x") } == .facilityUnknown)
        var dead = Example.participant()
        dead.diedOn = day("2026-01-01")
        #expect(refusal(Reason.self) { try move(.a3, of: dead) } == .deceased)
        var merged = Example.participant()
        merged.mergedInto = id(2)
        #expect(refusal(Reason.self) { try move(.a3, of: merged) } == .merged)
        #expect(wrongField { try move(.a3, from: "2025-08-31") } == "from")
        #expect(wrongField { try move(.a3, from: "2026-03-02") } == "from")
        #expect(wrongField { try move(.a3, "") } == "number")
    }

    @Test("warn where a sentence no longer fits the book")
    func sentence() throws {
        func set(_ months: Int, _ articles: [CaseArticle]? = nil) throws -> LegalChange {
            try LegalRules.setSentence(
                SetSentence(participant: id(1), sentenceMonths: months, caseArticles: articles),
                participant: Example.participant(), today: Example.today)
        }
        #expect(try set(36).warnings.isEmpty)
        let short = try set(12)
        #expect(short.warnings == [.bookDoesNotFitSentence])
        #expect(short.participant.legal.sentenceMonths == 12)
        #expect(
            refusal(SetSentence.Refusal.self) {
                try set(36, [CaseArticle(code: "1", law: "UU 0/0")])
            } == .articleUnknown)
        #expect(wrongField { try set(601) } == "sentenceMonths")
    }

    @Test("read the earliest of the release dates")
    func earliest() {
        let sentence = release(.sentenceExpiry, "2027-06-01")
        func found(_ dates: [ReleaseDate], _ status: LegalStatus? = .convict) -> EarliestRelease? {
            ReleaseRules.earliest(dates, status: status)
        }
        #expect(found([]) == nil)
        #expect(found([sentence])?.day == day("2027-06-01"))
        let remitted = [sentence, release(.remission, days: 30), release(.remission, days: 15)]
        #expect(found(remitted)?.day == day("2027-04-17"))
        let parole = found(remitted + [release(.twoThirds, "2026-09-30")])
        #expect(parole == EarliestRelease(day: day("2026-09-30"), kind: .twoThirds))
        // A fine-substitute term makes the end later, never the earliest release.
        let fined = remitted + [release(.fineSubstitute, days: 90)]
        #expect(found(fined)?.day == day("2027-04-17"))
        #expect(ReleaseRules.sentenceEnd(fined) == day("2027-07-16"))
    }

    @Test("let an extension take the place of a detention order, for detainees only")
    func detention() {
        let order = release(.detentionExpiry, "2026-03-10")
        let extended = release(.detentionExpiry, "2026-04-09")
        #expect(ReleaseRules.earliest([order], status: .detainee)?.day == day("2026-03-10"))
        #expect(
            ReleaseRules.earliest([order, extended], status: .detainee)
                == EarliestRelease(day: day("2026-04-09"), kind: .detentionExpiry))
        #expect(ReleaseRules.earliest([order, extended], status: .convict) == nil)
    }

    @Test("withdraw a date or remissions with an empty entry")
    func withdrawn() {
        let dates = [
            release(.sentenceExpiry, "2027-06-01"), release(.twoThirds, "2026-09-30"),
            release(.remission, days: 30), release(.twoThirds), release(.remission),
            release(.remission, days: 1),
        ]
        #expect(ReleaseRules.earliest(dates, status: .convict)?.day == day("2027-05-31"))
    }

    @Test("check what a kind of release date needs")
    func releaseDateInput() throws {
        func set(_ date: ReleaseDate) throws -> LegalChange {
            try LegalRules.setReleaseDate(
                SetReleaseDate(participant: id(1), releaseDate: date),
                participant: Example.participant(), today: Example.today)
        }
        #expect(
            try set(release(.remission, days: 30)).participant.legal.releaseDates.count == 2)
        #expect(wrongField { try set(release(.remission, "2026-01-01")) } == "releaseDate")
        #expect(wrongField { try set(release(.remission, days: .max)) } == "releaseDate.days")
        #expect(wrongField { try set(release(.twoThirds, days: 3)) } == "releaseDate")
        let unsigned = ReleaseDate(
            kind: .detentionExpiry, date: day("2026-04-01"), recordedOn: Example.today)
        #expect(wrongField { try set(unsigned) } == "releaseDate")
        let future = ReleaseDate(
            kind: .twoThirds, date: day("2026-04-01"), recordedOn: day("2026-03-02"))
        #expect(wrongField { try set(future) } == "releaseDate.recordedOn")
    }

    @Test("enter and strike register F with a reason")
    func registerF() throws {
        func set(_ entered: Bool, _ reason: String) throws -> Bool {
            try LegalRules.setRegisterF(
                SetRegisterF(participant: id(1), entered: entered, reason: reason),
                participant: Example.participant()
            ).participant.legal.registerF
        }
        #expect(try set(true, "telephone found"))
        #expect(try set(false, "lapsed") == false)
        #expect(wrongField { try set(true, "") } == "reason")
    }

    @Test("date every article of the table")
    func caseCodes() {
        func inForce(_ law: String, _ code: String, _ text: String) -> Bool? {
            let article = CaseArticle(code: code, law: law, offenseOn: day(text))
            return CaseCodes.find(article) == nil ? nil : CaseCodes.inForce(article)
        }
        #expect(inForce("UU 35/2009", "112 ayat (1)", "2009-10-12") == true)
        #expect(inForce("UU 35/2009", "112 ayat (1)", "2009-10-11") == false)
        #expect(inForce("KUHP 1946", "362", "2026-01-01") == true)
        #expect(inForce("KUHP 1946", "362", "2026-01-02") == false)
        #expect(inForce("UU 1/2023", "476", "2026-01-02") == true)
        #expect(inForce("UU 36/2009", "196", "2023-08-08") == false)
        #expect(inForce("UU 17/2023", "435", "2023-08-08") == true)
        #expect(inForce("UU 5/1997", "62", "1997-03-11") == true)
        #expect(inForce("UU 35/2009", "１２７", "2020-01-01") == nil)
    }

    @Test("tell when a verdict held: from a book for convicts until one for detainees")
    func verdicts() {
        func periods(_ books: (RegisterBook, String, String?)...) -> [VerdictPeriod]? {
            RegisterRules.verdicts(
                LegalFacts(
                    register: books.map { book, from, until in
                        RegisterEntry(
                            number: RegisterNumber(book: book, number: "1/2025"), from: day(from),
                            until: until.map { day($0) })
                    }))
        }
        #expect(periods() == nil)
        #expect(periods((.a3, "2025-01-01", "2025-03-01")) == [])
        #expect(
            periods((.a3, "2025-01-01", "2025-03-01"), (.b1, "2025-03-01", nil))
                == [VerdictPeriod(from: day("2025-03-01"), until: nil)])
        // Moved among books for convicts, let go, and before a court again.
        #expect(
            periods(
                (.b1, "2025-03-01", "2025-05-01"), (.b2a, "2025-05-01", "2025-06-01"),
                (.a1, "2026-01-01", nil))
                == [VerdictPeriod(from: day("2025-03-01"), until: day("2026-01-01"))])
        let period = VerdictPeriod(from: day("2025-03-01"), until: day("2026-01-01"))
        #expect(period.contains(day("2025-03-01")) && period.contains(day("2025-12-31")))
        #expect(!period.contains(day("2025-02-28")) && !period.contains(day("2026-01-01")))
    }
}
