import RPC
import RegistryAPI
import RegistryRules
import Storage
import Testing
import Vocabulary

@Suite("What people ask about their own data", .timeLimit(.minutes(1)))
struct SubjectRequestsTests {
    typealias Kind = SubjectRequest.Kind
    typealias Reason = AnswerSubjectRequest.Refusal

    private static let now = Example.today.start(in: .wib).adding(seconds: 43_200)
    private static let event = RegisterEvent(
        caller: .person(
            PersonIdentity(
                domain: "pulih.test",
                affiliation: Affiliation(kind: .facility, code: Example.rutan),
                role: .programManager, code: "melati")), now: now, today: Example.today)

    private static func entering(
        _ kind: Kind, sections: [Section]? = nil, receivedAt: Timestamp? = nil,
        number: UInt64 = 1
    ) -> EnterSubjectRequest {
        EnterSubjectRequest(
            id: id(number), participant: id(1), kind: kind, channel: .paper, words: "saya minta",
            sections: sections, receivedAt: receivedAt)
    }

    private func entered(
        _ kind: Kind, sections: [Section]? = nil, receivedAt: Timestamp? = nil
    ) throws -> SubjectRequest {
        try SubjectRequestRules.enter(
            Self.entering(kind, sections: sections, receivedAt: receivedAt), existing: nil,
            event: Self.event)
    }

    private func answer(
        _ request: SubjectRequest, _ outcome: RequestOutcome, sections: [Section]? = nil,
        correction: AnsweredCorrection? = nil, consent: ConsentID? = nil,
        retention: AnsweredRetention? = nil, consents: [Consent] = []
    ) throws -> SubjectRequest {
        try SubjectRequestRules.answer(
            AnswerSubjectRequest(
                request: request.id, outcome: outcome, ground: "sesuai", sections: sections,
                correction: correction, consent: consent, retention: retention),
            to: request, consents: consents, event: Self.event)
    }

    @Test("must be answered within 3 × 24 hours of the moment an officer got it")
    func clock() throws {
        let received = Self.now.adding(seconds: -7200)
        let request = try entered(.copy, receivedAt: received)
        #expect(request.dueAt.seconds(since: received) == 259_200)
        #expect(
            wrongField { try entered(.copy, receivedAt: Self.now.adding(seconds: 1)) }
                == "receivedAt")
        let answered = try answer(request, .granted)
        func lines(
            _ requests: [SubjectRequest], after seconds: Int64, due: Bool? = nil
        ) -> [ListSubjectRequests.Line] {
            SubjectRequestRules.lines(
                ListSubjectRequests(due: due), of: requests, now: received.adding(seconds: seconds)
            ) { _ in .wit }
        }
        let day: Int64 = 24 * 3600
        #expect(lines([request], after: day).first?.hoursLeft == 48)
        #expect(lines([request], after: 3 * day).first?.overdue == false)
        #expect(lines([request], after: 3 * day + 1).first?.overdue == true)
        #expect(lines([request], after: 3 * day + 1).first?.hoursLeft == -1)
        #expect(lines([answered], after: 9 * day).first?.overdue == false)
        // Ten in the morning in the west is noon in the east, three days on.
        #expect(lines([request], after: 0).first?.dueOn == Example.today.adding(days: 3))
        let younger = try entered(.erasure)
        #expect(
            lines([answered, younger, request], after: 0).map(\.request.dueAt)
                == [request.dueAt, younger.dueAt, answered.dueAt])
        #expect(lines([answered, younger], after: 0, due: true).map(\.request.kind) == [.erasure])
    }

    @Test("keep every answer, and the same entry again changes nothing")
    func history() throws {
        let request = try entered(.copy)
        let twice = try answer(try answer(request, .refused), .granted)
        #expect(twice.answers.map(\.outcome) == [.refused, .granted])
        #expect(
            try SubjectRequestRules.enter(
                Self.entering(.copy), existing: twice, event: Self.event) == twice)
        #expect(
            refusal(EnterSubjectRequest.Refusal.self) {
                try SubjectRequestRules.enter(
                    Self.entering(.erasure), existing: twice, event: Self.event)
            } == .idTaken)
    }

    @Test("are corrected beside the old value; what is clinical is named by its records alone")
    func correction() throws {
        let request = try entered(.correction)
        func correction(
            _ section: Section, old: String?, new: String?
        ) -> AnsweredCorrection {
            AnsweredCorrection(
                section: section, field: "birthDate", old: old, new: new, reason: "akta",
                record: "1", newRecord: "2")
        }
        #expect(refusal(Reason.self) { try answer(request, .granted) } == .correctionMissing)
        let told = correction(.identity, old: "1990-05-04", new: "1990-05-14")
        #expect(
            try answer(request, .granted, correction: told).answers.last?.correction == told)
        #expect(
            wrongField {
                try answer(
                    request, .granted, correction: correction(.identity, old: nil, new: "x"))
            } == "correction.old")
        #expect(
            wrongField {
                try answer(
                    request, .granted, correction: correction(.clinical, old: "x", new: nil))
            } == "correction.old")
        #expect(
            try answer(
                request, .granted, correction: correction(.clinical, old: nil, new: nil)
            ).answers.count == 1)
        #expect(wrongField { try answer(request, .refused, correction: told) } == "correction")
        #expect(
            wrongField { try answer(try entered(.copy), .granted, correction: told) }
                == "correction")
    }

    @Test("withdraw what was agreed to, which is never refused")
    func withdrawal() throws {
        let request = try entered(.withdrawal)
        var consent = Example.consent()
        #expect(refusal(Reason.self) { try answer(request, .refused) } == .withdrawalRefused)
        func granted() throws -> SubjectRequest {
            try answer(request, .granted, consent: consent.id, consents: [consent])
        }
        #expect(refusal(Reason.self) { try granted() } == .consentStands)
        consent.revocations = [Revocation(day: Example.today, reason: "none given")]
        #expect(try granted().answers.last?.consent == consent.id)
    }

    @Test("are told which law keeps what is not erased, and until when")
    func erasure() throws {
        let request = try entered(.erasure)
        let kept = AnsweredRetention(
            law: "Permenkes 24/2022", until: Example.today.adding(days: 9000))
        #expect(refusal(Reason.self) { try answer(request, .refused) } == .retentionMissing)
        #expect(refusal(Reason.self) { try answer(request, .partly) } == .retentionMissing)
        #expect(
            try answer(request, .refused, retention: kept).answers.last?.retention == kept)
        #expect(wrongField { try answer(request, .granted, retention: kept) } == "retention")
        let past = AnsweredRetention(law: "x", until: Example.today.adding(days: -1))
        #expect(
            wrongField { try answer(request, .refused, retention: past) } == "retention.until")
    }

    @Test("restrict a section until that is lifted, but not who is held and why")
    func restriction() throws {
        #expect(wrongField { try entered(.restriction) } == "sections")
        for held in [Section.identity, .legal] {
            #expect(
                refusal(EnterSubjectRequest.Refusal.self) {
                    try entered(.restriction, sections: [held])
                } == .heldByLaw)
        }
        let request = try entered(.restriction, sections: [.clinical, .counseling])
        #expect(SubjectRequestRules.restricted(by: request).isEmpty)
        #expect(
            SubjectRequestRules.restricted(by: try answer(request, .granted))
                == [.clinical, .counseling])
        #expect(wrongField { try answer(request, .partly) } == "sections")
        #expect(
            refusal(Reason.self) { try answer(request, .partly, sections: [.program]) }
                == .notAsked)
        let partly = try answer(request, .partly, sections: [.counseling])
        #expect(SubjectRequestRules.restricted(by: partly) == [.counseling])
        #expect(SubjectRequestRules.restricted(by: try answer(partly, .refused)).isEmpty)
        let lift = LiftRestriction(request: id(1), reason: "atas permintaan")
        let lifted = try SubjectRequestRules.lift(lift, of: partly, event: Self.event)
        #expect(SubjectRequestRules.restricted(by: lifted).isEmpty)
        #expect(
            refusal(LiftRestriction.Refusal.self) {
                try SubjectRequestRules.lift(lift, of: lifted, event: Self.event)
            } == .notRestricting)
    }

    @Test("stop reads at the service while restricted, but not the person's own copy")
    func service() async throws {
        let registry = try RunningRegistry()
        try await registry.prepare()
        _ = try await registry.call(RunningRegistry.registration(), as: .registrar)
        for role in [Role.security, .auditor, .administrator, .integratedTeam, .aftercareOfficer] {
            #expect(
                await registry.status(Self.entering(.copy), as: role) == .permissionDenied)
        }
        _ = try await registry.call(
            Self.entering(.restriction, sections: [.clinical]), as: .registrar)
        let answer = AnswerSubjectRequest(request: id(1), outcome: .granted, ground: "sesuai")
        #expect(await registry.status(answer, as: .registrar) == .permissionDenied)
        let items = ListItems(participant: id(1))
        #expect(await registry.status(items, as: .counselor) == nil)
        _ = try await registry.call(answer, as: .programManager)
        #expect(await registry.status(items, as: .counselor) == .permissionDenied)
        _ = try await registry.caller(as: .counselor, for: .ownRequest).call(items)
        #expect(
            await registry.status(ListConsents(participant: id(1)), as: .counselor) == nil)
        _ = try await registry.call(
            Self.entering(.restriction, sections: [.program], number: 3), as: .registrar)
        _ = try await registry.call(
            AnswerSubjectRequest(request: id(3), outcome: .granted, ground: "sesuai"),
            as: .programManager)
        // A purpose that outweighs it must be the reader's, where no purpose is asked for too.
        let consents = ListConsents(participant: id(1))
        func rule(_ role: Role, _ purpose: PurposeOfUse) async -> String? {
            do throws(CallError<ListConsents.Refusal>) {
                _ = try await registry.caller(as: role, for: purpose).call(consents)
                return nil
            } catch {
                return error.failure.rule
            }
        }
        #expect(await rule(.counselor, .treatment) == "restricted")
        #expect(await rule(.counselor, .emergency) == "emergency-not-open")
        #expect(await rule(.auditor, .ownRequest) == "purpose-not-of-role")
        #expect(await rule(.counselor, .ownRequest) == nil)
        _ = try await registry.call(
            LiftRestriction(request: id(3), reason: "atas permintaan"), as: .programManager)
        _ = try await registry.call(Self.entering(.copy, number: 2), as: .counselor)
        let due = try await registry.call(ListSubjectRequests(due: true), as: .registrar).lines
        #expect(due.map(\.request.kind) == [.copy])
        #expect(due.first?.hoursLeft == 72)
        let all = ListSubjectRequests(participant: id(1))
        let listed = try await registry.call(all, as: .registrar)
        #expect(listed.lines.map(\.request.kind) == [.copy, .restriction, .restriction])
        _ = try await registry.call(
            LiftRestriction(request: id(1), reason: "atas permintaan"), as: .programManager)
        #expect(await registry.status(items, as: .counselor) == nil)
        // Only what restricts is told, without the words.
        let told = try await registry.told(.restriction)
        #expect(told.count == 6)
        #expect(!told.joined().contains("saya minta"))
        try await registry.store.rebuild()
        #expect(try await registry.call(all, as: .registrar).lines.count == 3)
    }
}
