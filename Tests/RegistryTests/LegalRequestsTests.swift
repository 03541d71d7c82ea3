import RPC
import RegistryAPI
import RegistryRules
import Storage
import Testing
import Vocabulary

@Suite("Requests of police, prosecutor and court", .timeLimit(.minutes(1)))
struct LegalRequestsTests {
    static func ask(
        _ basis: LegalAsk.Basis = .courtOrder, sections: [Section] = [.clinical, .program],
        letterOn: Day = Example.today, from: String? = nil, through: String? = nil
    ) -> LegalAsk {
        LegalAsk(
            authority: .police, office: "Polres Probolinggo", letterNumber: "B/12/2026",
            letterOn: letterOn, basis: basis, citation: "Penetapan PN Kraksaan 3/2026",
            sections: sections, from: from.flatMap { Day(text: $0) },
            through: through.flatMap { Day(text: $0) }, purpose: "penyidikan")
    }

    static func entering(
        _ number: UInt64 = 1, _ asked: LegalAsk = LegalRequestsTests.ask()
    ) -> EnterLegalRequest {
        EnterLegalRequest(id: id(number), participant: id(1), asked: asked)
    }

    private static func event(_ code: String, _ role: Role = .programManager) -> RegisterEvent {
        RegisterEvent(
            caller: .person(
                PersonIdentity(
                    domain: "pulih.test",
                    affiliation: Affiliation(kind: .facility, code: Example.rutan), role: role,
                    code: code)), now: Example.today.start(in: .wib).adding(seconds: 43_200),
            today: Example.today)
    }

    private func entered(_ asked: LegalAsk = LegalRequestsTests.ask()) throws -> LegalRequest {
        try LegalRequestRules.enter(
            Self.entering(1, asked), existing: nil, event: Self.event("melati"))
    }

    private func decide(
        _ request: LegalRequest, _ outcome: RequestOutcome, sections: [Section]? = nil,
        through days: Int? = 5, by code: String = "kepala"
    ) throws -> LegalRequest {
        try LegalRequestRules.decide(
            DecideLegalRequest(
                request: request.id, outcome: outcome, sections: sections, ground: "penetapan",
                through: days.map { Example.today.adding(days: $0) }),
            on: request, event: Self.event(code, .facilityHead))
    }

    @Test("say who asks, by which letter, on what ground; the same again changes nothing")
    func entering() throws {
        let request = try entered()
        #expect(request.entered.by.hasSuffix("/melati"))
        let event = Self.event("budi")
        #expect(
            try LegalRequestRules.enter(Self.entering(), existing: request, event: event)
                == request)
        #expect(
            refusal(EnterLegalRequest.Refusal.self) {
                try LegalRequestRules.enter(
                    Self.entering(1, Self.ask(.statute)), existing: request, event: event)
            } == .idTaken)
        #expect(
            wrongField { try entered(Self.ask(letterOn: Example.today.adding(days: 1))) }
                == "asked.letterOn")
        #expect(wrongField { try entered(Self.ask(sections: [])) } == "asked.sections")
        #expect(wrongField { try entered(Self.ask(sections: [.aggregate])) } == "asked.sections")
    }

    @Test("are decided by a head who did not enter them, in part or whole, and for some days")
    func deciding() throws {
        typealias Reason = DecideLegalRequest.Refusal
        let request = try entered()
        #expect(
            refusal(Reason.self) { try decide(request, .granted, by: "melati") } == .ownEntry)
        let granted = try decide(request, .granted)
        #expect(granted.decisions.last?.sections == [.clinical, .program])
        let partly = try decide(request, .partly, sections: [.program])
        #expect(LegalRequestRules.grant(of: partly)?.sections == [.program])
        #expect(
            refusal(Reason.self) { try decide(request, .partly, sections: [.counseling]) }
                == .notAsked)
        #expect(wrongField { try decide(request, .granted, sections: [.program]) } == "outcome")
        #expect(
            wrongField { try decide(request, .partly, sections: [.program, .clinical]) }
                == "outcome")
        for days in [nil, -1, 91] {
            #expect(wrongField { try decide(request, .granted, through: days) } == "through")
        }
        #expect(wrongField { try decide(request, .refused) } == "through")
        #expect(
            wrongField { try decide(request, .refused, sections: [.program], through: nil) }
                == "sections")
    }

    @Test("open what is bound by secrecy on a court's order only")
    func secrecy() throws {
        typealias Reason = DecideLegalRequest.Refusal
        for basis in [LegalAsk.Basis.officialLetter, .statute] {
            let request = try entered(Self.ask(basis))
            #expect(refusal(Reason.self) { try decide(request, .granted) } == .courtOrderMissing)
            #expect(try decide(request, .partly, sections: [.program]).decisions.count == 1)
        }
    }

    @Test("are ended by a later decision, and the earlier one stays")
    func later() throws {
        let granted = try decide(try entered(), .granted)
        let ended = try decide(granted, .refused, through: nil)
        #expect(ended.decisions.map(\.outcome) == [.granted, .refused])
        #expect(LegalRequestRules.grant(of: ended) == nil)
        let call = GiveOnLegalRequest(
            request: id(1), id: id(2), sections: [.program], document: "dossier",
            recipient: "Brigadir Adi")
        func give(_ request: LegalRequest, existing: Disclosure? = nil) throws -> LegalRequest {
            let (changed, disclosure) = try LegalRequestRules.give(
                call, on: request, existing: existing, event: Self.event("melati"))
            #expect(disclosure.legalRequest == request.id)
            #expect(disclosure.from == request.asked.from)
            #expect(disclosure.through == request.asked.through)
            return changed
        }
        typealias Reason = GiveOnLegalRequest.Refusal
        #expect(refusal(Reason.self) { try give(ended) } == .notGranted)
        #expect(refusal(Reason.self) { try give(try entered()) } == .notGranted)
        #expect(try give(granted).given.map(\.recipient) == ["Brigadir Adi"])
        // Where the letter asks for some days only, no more is given.
        let some = try entered(Self.ask(from: "2026-01-01", through: "2026-02-28"))
        #expect(try give(try decide(some, .granted)).given.count == 1)
    }

    @Test("let a record be read for HLEGAL while they are granted, and are told without the letter")
    func service() async throws {
        let registry = try RunningRegistry()
        try await registry.prepare()
        _ = try await registry.call(RunningRegistry.registration(), as: .registrar)
        let head = registry.caller(as: .facilityHead, code: "kepala", for: .legal)
        let read = RegistryTimeline(participant: id(1))
        func rule() async -> String? {
            do throws(CallError<RegistryTimeline.Refusal>) {
                _ = try await head.call(read)
                return nil
            } catch {
                return error.failure.rule
            }
        }
        #expect(await rule() == "legal-request-missing")
        for role in Role.allCases where !Set.legalRegister.contains(role) {
            #expect(
                await registry.status(Self.entering(), as: role) == .permissionDenied, "\(role)")
        }
        _ = try await registry.call(Self.entering(), as: .registrar)
        let decision = DecideLegalRequest(
            request: id(1), outcome: .granted, ground: "penetapan",
            through: Example.today.adding(days: 2))
        #expect(await registry.status(decision, as: .registrar) == .permissionDenied)
        #expect(await registry.refusal(decision, as: .facilityHead) == .ownEntry)
        #expect(await rule() == "legal-request-missing")
        _ = try await registry.call(decision, as: .facilityHead, code: "kepala")
        #expect(await rule() == nil)
        _ = try await registry.call(
            GiveOnLegalRequest(
                request: id(1), id: id(2), sections: [.clinical], document: "dossier 1",
                recipient: "Brigadir Adi"), as: .registrar)
        let disclosures = try await registry.call(
            ListDisclosures(participant: id(1)), as: .registrar
        ).disclosures
        #expect(disclosures.map(\.legalRequest) == [id(1)])
        let listed = try await registry.call(ListLegalRequests(), as: .boardHead).requests
        #expect(listed.map(\.given.count) == [1])
        registry.go(to: Example.today.adding(days: 3))
        #expect(await rule() == "legal-request-missing")

        let told = try await registry.told(.legalRequest)
        #expect(told.count == 3)
        #expect(!told.joined().contains("Polres"))
        try await registry.store.rebuild()
        #expect(try await registry.call(ListLegalRequests(), as: .boardHead).requests == listed)
    }
}

extension RunningRegistry {
    /// The bodies of one kind that the clinical service gets, as text.
    func told(_ noun: RegistryFeedNoun) async throws -> [String] {
        let end = store.position
        var bodies: [String] = []
        for try await item in try await caller(as: .clinical).stream(FollowRegistry(after: 0)) {
            if item.noun == noun.rawValue, let body = item.body {
                bodies.append(String(decoding: body, as: UTF8.self))
            }
            if item.position >= end { break }
        }
        return bodies
    }
}
