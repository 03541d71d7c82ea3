import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Registering a participant")
struct ParticipantsTests {
    typealias Reason = RegisterParticipant.Refusal

    private func call(
        _ number: UInt64 = 1, _ identity: ParticipantIdentity = Example.identity(),
        facility: String = Example.rutan, book: RegisterBook = .b1, from: String = "2025-09-01",
        articles: [CaseArticle] = [], months: Int? = 24, dates: [ReleaseDate] = [],
        confirm: Bool = false
    ) -> RegisterParticipant {
        RegisterParticipant(
            id: id(number), identity: identity, facilityCode: facility,
            register: RegisterEntry(
                number: RegisterNumber(book: book, number: "12/2025"), from: day(from)),
            caseArticles: articles, sentenceMonths: months, releaseDates: dates,
            confirmDuplicate: confirm)
    }

    private func register(
        _ call: RegisterParticipant, candidates: [Participant] = [], existing: Participant? = nil
    ) throws -> RegisterParticipant.Reply {
        try ParticipantRules.register(
            call,
            facts: RegistrationFacts(
                facilityCodes: Example.facilities, existing: existing, candidates: candidates),
            today: Example.today)
    }

    private func nik(_ digits: String) throws -> ParticipantIdentity {
        ParticipantIdentity(
            name: "Ardianto Putra", nik: try NationalID(digits), sex: .male,
            birthDate: day("1992-01-09"))
    }

    @Test("keeps who they are and where they stand")
    func registers() throws {
        let reply = try register(call())
        #expect(reply.participant.identity == Example.identity())
        #expect(RegisterRules.status(reply.participant.legal) == .convict)
        #expect(reply.warnings.isEmpty)
        #expect(reply.duplicates.isEmpty)
        #expect(reply.participant.historical == false)
        #expect(try register(call(), existing: reply.participant).participant == reply.participant)
        #expect(
            refusal(Reason.self) {
                try register(call(1, Example.identity(name: "X Y")), existing: reply.participant)
            } == .idTaken)
    }

    @Test("warns of a NIK that says otherwise, and does not refuse it")
    func nikWarnings() throws {
        // A dummy of the national health platform: it encodes 2000-12-03, a man.
        #expect(
            try register(call(1, nik("9271060312000001"))).warnings == [.nikBirthDateDiffers])
        #expect(
            try register(call(1, nik("9271064901920001"))).warnings == [.nikSexDiffers])
    }

    @Test("warns of the young, of unknown birth dates, and of articles not in force")
    func warnings() throws {
        let young = Example.identity(birth: "2008-03-02")
        #expect(try register(call(1, young)).warnings == [.minor])
        let adult = Example.identity(birth: "2008-03-01")
        #expect(try register(call(1, adult)).warnings.isEmpty)
        let vague = ParticipantIdentity(
            name: "Slamet", nikUnknownReason: "none issued", sex: .male, birthYear: 1980)
        #expect(try register(call(1, vague)).warnings == [.birthDateUnknown])
        let early = CaseArticle(code: "609", law: "UU 1/2023", offenseOn: day("2025-12-31"))
        #expect(try register(call(articles: [early])).warnings == [.articleNotInForce])
        let inForce = CaseArticle(code: "609", law: "UU 1/2023", offenseOn: day("2026-01-02"))
        #expect(try register(call(articles: [inForce])).warnings.isEmpty)
    }

    @Test("refuses an unknown facility, an unknown article, a book that does not fit")
    func refusals() {
        #expect(
            refusal(Reason.self) { try register(call(facility: "rutan-x")) } == .facilityUnknown)
        for bad in ["110", "149", "x127", "99999999999999999999"] {
            let article = CaseArticle(code: bad, law: "UU 35/2009")
            #expect(
                refusal(Reason.self) { try register(call(articles: [article])) }
                    == .articleUnknown, "\(bad)")
        }
        #expect(refusal(Reason.self) { try register(call(months: 12)) } == .bookDoesNotFit)
        #expect(refusal(Reason.self) { try register(call(months: 13)) } == nil)
        #expect(
            refusal(Reason.self) { try register(call(book: .b2a, months: 13)) } == .bookDoesNotFit)
        #expect(refusal(Reason.self) { try register(call(book: .a3, months: 1)) } == nil)
    }

    @Test("refuses an exact duplicate until a person confirms that it is somebody else")
    func duplicates() throws {
        var known = Example.participant(9)
        known.identity = try nik("9271060312000001")
        let twin = call(1, try nik("9271060312000001"))
        #expect(refusal(Reason.self) { try register(twin, candidates: [known]) } == .duplicate)
        let confirmed = call(1, try nik("9271060312000001"), confirm: true)
        let reply = try register(confirmed, candidates: [known])
        #expect(reply.participant.distinctFrom == [known.id])
        #expect(reply.warnings.contains(.possibleDuplicate))
        #expect(reply.duplicates.map(\.participant) == [known.id])
        let likely = try register(call(1), candidates: [Example.participant(9)])
        #expect(likely.duplicates.map(\.grounds) == [[.nameAndBirth]])
        #expect(likely.warnings == [.possibleDuplicate])
    }

    @Test("checks every field")
    func input() {
        func wrong(_ change: (inout ParticipantIdentity) -> Void) -> String? {
            var identity = Example.identity()
            change(&identity)
            return wrongField { try register(call(1, identity)) }
        }
        #expect(wrong { $0.name = "" } == "identity.name")
        #expect(wrong { $0.aliases = ["a b", "a b"] } == "identity.aliases")
        #expect(wrong { $0.aliases = (0...20).map { "alias \($0)" } } == "identity.aliases")
        #expect(wrong { $0.nikUnknownReason = nil } == "identity.nikUnknownReason")
        #expect(wrong { $0.birthDate = Example.today } == "identity.birthDate")
        #expect(wrong { $0.birthDate = day("1900-01-01") } == "identity.birthDate")
        #expect(wrong { $0.birthDate = nil } == "identity.birthDate")
        #expect(wrong { $0.birthYear = 1991 } == "identity.birthYear")
        #expect(
            wrong {
                $0.birthDate = nil
                $0.birthYear = .max
            } == "identity.birthYear")
        #expect(wrongField { try register(call(from: "2026-03-02")) } == "register.from")
        #expect(wrongField { try register(call(from: "1990-05-03")) } == "register.from")
        #expect(wrongField { try register(call(months: -1)) } == "sentenceMonths")
        let future = CaseArticle(code: "127", law: "UU 35/2009", offenseOn: day("2026-03-02"))
        #expect(
            wrongField { try register(call(articles: [future])) } == "caseArticles.offenseOn")
        let undated = ReleaseDate(kind: .remission, date: Example.today, recordedOn: Example.today)
        #expect(wrongField { try register(call(dates: [undated])) } == "releaseDates")
    }

    @Test("adds an alias once, up to twenty")
    func aliases() throws {
        var participant = Example.participant()
        let call = AddAlias(participant: participant.id, alias: "Budi Kecil")
        participant = try ParticipantRules.addAlias(call, to: participant)
        #expect(participant.identity.aliases == ["Budi Kecil"])
        #expect(
            refusal(AddAlias.Refusal.self) { try ParticipantRules.addAlias(call, to: participant) }
                == .alreadyKnown)
        participant.identity.aliases = (0..<20).map { "alias \($0)" }
        #expect(
            refusal(AddAlias.Refusal.self) { try ParticipantRules.addAlias(call, to: participant) }
                == .tooMany)
    }
}
