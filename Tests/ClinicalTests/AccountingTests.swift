import CBOR
import ClinicalAPI
import ClinicalRules
import ClinicalServer
import Hosting
import Instruments
import RPC
import RegistryAPI
import Storage
import Testing
import Vocabulary

@Suite("Who sees a record, and who can prove it", .timeLimit(.minutes(1)))
struct AccountingTests {
    private let clinical: RunningClinical

    init() throws { clinical = try RunningClinical() }

    /// The notes of who read what, in order.
    private func notes() async throws -> [AccessEntry] {
        try await clinical.store.entries(after: 0, limit: 1000).filter { $0.noun == "access" }
            .map { try CBORDecoder().decode(AccessEntry.self, from: $0.body) }
    }

    private func failure(
        _ request: some RPCMethod, for purpose: PurposeOfUse?, as reader: Signatory
    ) async -> RPCFailure? {
        let caller = clinical.caller(as: reader)
        do {
            _ = try await caller.call(request, options: CallOptions(purpose: purpose))
            return nil
        } catch {
            return error.failure
        }
    }

    @Test("each read is in the journal before its answer: who, what, why, and never what was said")
    func reads() async throws {
        try await clinical.prepare()
        try await clinical.call(Requests.note(1, "he spoke of his brother"))
        _ = try await clinical.call(ListNotes(participant: Scene.ani))
        let rows = try await notes()
        #expect(rows.map(\.outcome) == [.read])
        let row = try #require(rows.first)
        #expect(row.participant == Scene.ani)
        #expect(row.method == "clinical.note.list")
        #expect(row.section == .counseling)
        #expect(row.purpose == .treatment)
        #expect(row.actor.hasSuffix("/role/counselor/konselor-1"))
        let stored = try await clinical.store.entries(after: 0, limit: 1000).filter {
            $0.noun == "access"
        }
        let text = stored.map { String(decoding: $0.body, as: UTF8.self) }.joined()
        #expect(!text.contains("brother"))
        #expect(row.document == nil)
    }

    @Test("a read that is printed is found by the number of the print, which is its trace")
    func documents() async throws {
        try await clinical.prepare()
        let list = ListNotes(participant: Scene.ani)
        let printing = CallOptions(trace: .begin(isRecorded: false))
        let counselor = clinical.caller(as: Scene.counselor)
        for options in [printing, CallOptions(), printing] {
            _ = try await counselor.call(list, options: options)
        }
        let documents = try await notes().map(\.document)
        #expect(documents.map { $0?.count } == [32, nil, 32])
        #expect(documents[0] == documents[2])
        let auditor = Signatory(staff: Scene.counselor.staff, role: .auditor)
        let log = try await clinical.caller(as: auditor, for: nil).call(
            ReadAccessLog(participant: Scene.ani))
        let reads = log.lines.filter { $0.deed == "clinical.note.list" }
        #expect(reads.map(\.document) == documents)
    }

    @Test("clinical records and notes are read for a purpose that the role has, or not at all")
    func purposes() async throws {
        try await clinical.prepare()
        let list = ListNotes(participant: Scene.ani)
        // The caller's usual purpose is what a test would otherwise say.
        let bare = clinical.caller(as: Scene.counselor, for: nil)
        do throws(CallError<ListNotes.Refusal>) {
            _ = try await bare.call(list)
            Issue.record("notes were read for nothing")
        } catch {
            #expect(error.failure.rule == "purpose-missing")
        }
        let research = await failure(list, for: .research, as: Scene.counselor)
        #expect(research?.rule == "purpose-not-of-role")
        #expect(try await notes().map(\.outcome) == [.refused, .refused])
        #expect(await failure(list, for: .treatment, as: Scene.counselor) == nil)
        // What is no clinical matter needs none.
        _ = try await bare.call(Requests.days)
    }

    @Test("what somebody has not agreed to, or taken back, is refused by the section's name")
    func consent() async throws {
        try await clinical.prepare()
        let list = ListNotes(participant: Scene.ani)
        let tests = ListUrineTests(participant: Scene.ani)
        try await clinical.hear(
            .consent, RunningClinical.consent(of: Scene.ani, to: [.program, .clinical]))
        let missing = await clinical.failure(list)
        #expect(missing?.rule == "consent-missing")
        #expect(missing?.message.contains("counseling") == true)
        #expect(await clinical.failure(tests) == nil)
        try await clinical.hear(
            .consent,
            RunningClinical.consent(
                of: Scene.ani, to: [.program], withdrawn: [.clinical, .counseling]))
        for request in [list as any RPCMethod, tests] {
            #expect(await clinical.failure(request)?.rule == "consent-withdrawn")
        }
        // For another, nothing has changed; and what is no treatment is not consented to.
        #expect(await clinical.failure(ListNotes(participant: Scene.budi)) == nil)
        #expect(await failure(list, for: .ownRequest, as: Scene.counselor) == nil)
    }

    @Test("what a person had restricted is read by nobody, and a granted request opens its section")
    func legalRequestsAndRestrictions() async throws {
        try await clinical.prepare()
        let notes = ListNotes(participant: Scene.ani)
        let tests = ListUrineTests(participant: Scene.ani)
        #expect(
            await failure(tests, for: .legal, as: Scene.counselor)?.rule == "legal-request-missing")
        let today = Scene.moment.today
        func hear(grant: LegalGrant?) async throws {
            try await clinical.hear(
                .legalRequest,
                LegalRequestSummary(id: Scene.id(90), participant: Scene.ani, grant: grant))
        }
        try await hear(
            grant: LegalGrant(
                sections: [.clinical], from: today, through: today.adding(days: 1)))
        #expect(await failure(tests, for: .legal, as: Scene.counselor) == nil)
        #expect(
            await failure(notes, for: .legal, as: Scene.counselor)?.rule == "legal-request-missing")
        func hear(restricted: [Section]) async throws {
            try await clinical.hear(
                .restriction,
                RestrictionSummary(
                    id: Scene.id(91), participant: Scene.ani, sections: restricted))
        }
        try await hear(restricted: [.clinical])
        #expect(await clinical.failure(tests)?.rule == "restricted")
        #expect(await clinical.failure(notes) == nil)
        #expect(await failure(tests, for: .legal, as: Scene.counselor) == nil)
        #expect(await failure(tests, for: .ownRequest, as: Scene.counselor) == nil)
        try await hear(restricted: [])
        try await hear(grant: nil)
        #expect(await clinical.failure(tests) == nil)
        #expect(
            await failure(tests, for: .legal, as: Scene.counselor)?.rule == "legal-request-missing")
    }

    @Test("before the verdict, what somebody tells of themselves is read for their treatment alone")
    func selfReport() async throws {
        try await clinical.prepare()
        let told: [any RPCMethod] = [
            ListNotes(participant: Scene.ani), ListAssessments(participant: Scene.ani),
            ListAdministrations(participant: Scene.ani),
            ParticipantTimeline(participant: Scene.ani),
        ]
        let grant = LegalGrant(
            sections: [.clinical, .counseling], from: Scene.moment.today,
            through: Scene.moment.today)
        try await clinical.hear(
            .legalRequest,
            LegalRequestSummary(id: Scene.id(90), participant: Scene.ani, grant: grant))
        try await clinical.hear(
            .participant, RunningClinical.participant(Scene.ani, status: .detainee))
        for request in told {
            for purpose in [PurposeOfUse.operations, .legal] {
                #expect(
                    await failure(request, for: purpose, as: Scene.counselor)?.rule
                        == "self-report-walled-off", "\(type(of: request)) \(purpose)")
            }
            #expect(await failure(request, for: .treatment, as: Scene.counselor) == nil)
            #expect(await failure(request, for: .ownRequest, as: Scene.counselor) == nil)
        }
        // What others found, and not they themselves told, is as open as ever.
        let tests = ListUrineTests(participant: Scene.ani)
        #expect(await failure(tests, for: .operations, as: Scene.counselor) == nil)
        try await clinical.hear(.participant, RunningClinical.participant(Scene.ani))
        for request in told {
            #expect(await failure(request, for: .legal, as: Scene.counselor) == nil)
        }
    }

    @Test("what was told before the verdict stays behind the wall after it, and the reply says so")
    func toldBeforeVerdict() async throws {
        try await clinical.prepare()
        let told = try await clinical.call(
            Requests.administer(40, Requests.answers(.phq9, all: 1)))
        let list = ListAdministrations(participant: Scene.ani)
        let get = GetAdministration(administration: told.id)
        let timeline = ParticipantTimeline(participant: Scene.ani)
        func answer<M: RPCMethod>(
            _ call: M, for purpose: PurposeOfUse
        ) async throws -> (reply: M.Reply, walledOff: Int64?) {
            let caller = clinical.caller(as: Scene.counselor, for: purpose)
            let answer = try await caller.answer(call)
            return (answer.reply, answer.notes.walledOff)
        }
        func hear(verdictFrom from: Day?) async throws {
            try await clinical.hear(
                .participant,
                RunningClinical.participant(
                    Scene.ani,
                    verdicts: from.map { [VerdictPeriod(from: $0, until: nil)] } ?? []))
        }
        // Later convicted, and let go without a verdict.
        for from in [told.day.adding(days: 1), nil] {
            try await hear(verdictFrom: from)
            let shown = try await answer(list, for: .operations)
            #expect(shown.reply.administrations.isEmpty)
            #expect(shown.walledOff == 1)
            #expect(
                await failure(get, for: .operations, as: Scene.counselor)?.rule
                    == "self-report-walled-off")
            // The call names an administration; the journal has whose it is.
            let row = try await notes().last
            #expect(row?.outcome == .refused && row?.participant == Scene.ani)
            #expect(
                try await answer(timeline, for: .operations).reply.lines.allSatisfy {
                    $0.kind.known != .administration
                })
            let treating = try await answer(list, for: .treatment)
            #expect(treating.reply.administrations.map(\.id) == [told.id])
            #expect(treating.walledOff == nil)
        }
        try await hear(verdictFrom: told.day)
        #expect(try await answer(list, for: .operations).reply.administrations.count == 1)
        #expect(await failure(get, for: .operations, as: Scene.counselor) == nil)
    }

    @Test("people elsewhere look like people who do not exist, in every call that names one")
    func reach() async throws {
        try await clinical.prepare()
        let elsewhere = Scene.id(70) as ParticipantID
        try await clinical.hear(
            .participant, RunningClinical.participant(elsewhere, at: "rutan-jayapura"))
        func failures(_ person: ParticipantID) async -> [RPCFailure?] {
            var failures: [RPCFailure?] = []
            for request: any RPCMethod in [
                ListNotes(participant: person), GetPlan(participant: person),
                NextSession(participant: person),
                ListSessions(
                    from: Scene.day(1), through: Scene.day(2), participant: person),
                Requests.schedule(9, Scene.plan(of: [person])),
            ] {
                var failure = await clinical.failure(request)
                failure?.call = nil
                failures.append(failure)
            }
            return failures
        }
        let (known, unknown) = (await failures(elsewhere), await failures(Scene.id(71)))
        #expect(known == unknown)
        #expect(known.allSatisfy { $0?.code == .notFound && $0?.rule == "out-of-reach" })
        #expect(try await notes().count == 10)
        #expect(try await notes().allSatisfy { $0.outcome == .refused })
    }

    @Test("the board reaches people where it has an agreement, and nobody else")
    func partners() async throws {
        try await clinical.prepare()
        let board = Signatory(
            staff: StaffReference(
                affiliation: Affiliation(kind: .institution, code: "bnnk-pasuruan"), code: "b1"),
            role: .boardCounselor)
        let plan = GetPlan(participant: Scene.ani)
        #expect(await clinical.failure(plan, as: board)?.rule == "out-of-reach")
        try await clinical.hear(
            .agreement,
            Agreement(
                id: Scene.id(300), number: "1/2026", facilityCode: "rutan-kraksaan",
                institutionCodes: ["bnnk-pasuruan"], validFrom: Scene.day(0),
                validUntil: Scene.day(400), scope: "rehabilitation"))
        #expect(await clinical.failure(plan, as: board) == nil)
    }

    @Test("the log of one person shows reads, changes and refusals, and that it was asked for")
    func log() async throws {
        try await clinical.prepare()
        try await clinical.call(Requests.note(1, "x"))
        _ = try await clinical.call(ListNotes(participant: Scene.ani))
        _ = await failure(ListNotes(participant: Scene.ani), for: .research, as: Scene.counselor)
        let auditor = clinical.caller(as: Scene.signatory("a1", .auditor))
        let call = ReadAccessLog(participant: Scene.ani)
        let lines = try await auditor.call(call).lines
        let deeds = ["note written", "clinical.note.list", "clinical.note.list"]
        try #require(lines.map(\.deed) == deeds)
        #expect(lines.map(\.outcome.rawValue) == ["changed", "read", "refused"])
        #expect(lines.last?.rule == "purpose-not-of-role")
        let again = try await auditor.call(call).lines
        #expect(again.count == 4)
        #expect(again.last?.deed == "rpc.access.log")
        let page = try await auditor.call(ReadAccessLog(participant: Scene.ani, limit: 2))
        #expect(page.lines == Array(lines.prefix(2)))
        #expect(page.next == lines[1].position)
        let rest = try await auditor.call(
            ReadAccessLog(participant: Scene.ani, after: page.next, limit: 2))
        #expect(rest.lines.first == lines[2])
        // Whoever treats people does not watch those who do.
        #expect(await clinical.failure(call)?.code == .permissionDenied)
    }

    @Test("nothing is shown where the journal cannot take the note")
    func unaccountable() async throws {
        try await clinical.prepare()
        #expect(await clinical.failure(ListNotes(participant: Scene.ani)) == nil)
        clinical.store.close()
        let full = try RunningClinical(in: clinical.directory, queueLimit: 0)
        let failure = await full.failure(ListNotes(participant: Scene.ani))
        #expect(failure?.rule == "not-accountable")
        #expect(failure?.code == .unavailable)
    }

    @Test("a role that a call does not name is refused, which the log of whom it named shows")
    func denied() async throws {
        try await clinical.prepare()
        let administrator = Scene.signatory("admin", .administrator)
        let failure = await clinical.failure(
            ListNotes(participant: Scene.ani), as: administrator)
        #expect(failure?.code == .permissionDenied)
        let row = try #require(try await notes().last)
        #expect(row.participant == Scene.ani)
        #expect(row.rule == "role")
        #expect(row.actor.contains("/role/administrator/"))
        // Nobody fills the disk by being refused.
        var codes: Set<StatusCode?> = []
        for _ in 0..<150 {
            codes.insert(
                await clinical.failure(ListAlerts(), as: administrator)?.code)
        }
        #expect(codes == [.permissionDenied, .resourceExhausted])
        #expect(try await notes().count == 120)
    }

    @Test("nobody reads the records of more people within an hour than they can have to do with")
    func bulk() async throws {
        let clinical = try RunningClinical(bounds: AccessBounds(registryAge: nil, peopleHourly: 1))
        try await clinical.prepare()
        #expect(await clinical.failure(GetPlan(participant: Scene.ani)) == nil)
        #expect(await clinical.failure(ListNotes(participant: Scene.ani)) == nil)
        let second = GetPlan(participant: Scene.budi)
        let failure = await clinical.failure(second)
        #expect(failure?.rule == "too-many-people")
        #expect(failure?.code == .resourceExhausted)
        // A colleague has their own bound, and an hour later it begins anew.
        #expect(await clinical.failure(second, as: Scene.colleague) == nil)
        clinical.clock.go(to: Scene.moment.now.adding(seconds: 3601))
        #expect(await clinical.failure(second) == nil)
    }

    @Test("clinical records are not shown by what was heard of consents too long ago")
    func oldCopy() async throws {
        let clinical = try RunningClinical(bounds: AccessBounds(registryAge: 60))
        try await clinical.prepare()
        let plan = GetPlan(participant: Scene.ani)
        // Copies without a feed behind them are of no age that anybody knows.
        #expect(await clinical.failure(plan)?.rule == "registry-copy-too-old")
        clinical.store.noteHeard("registry", at: Scene.moment.now)
        #expect(await clinical.failure(plan) == nil)
        clinical.clock.go(to: Scene.moment.now.adding(seconds: 61))
        let failure = await clinical.failure(plan)
        #expect(failure?.rule == "registry-copy-too-old")
        #expect(failure?.code == .unavailable)
        // What custody needs to know goes on.
        #expect(await clinical.failure(NextSession(participant: Scene.ani)) == nil)
    }
}
