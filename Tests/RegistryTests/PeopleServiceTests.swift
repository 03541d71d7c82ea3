import CBOR
import RPC
import RegistryAPI
import RegistryServer
import Storage
import Testing
import Vocabulary

@Suite("People over the wire", .timeLimit(.minutes(1)))
struct PeopleServiceTests {
    private let registry: RunningRegistry

    init() throws { registry = try RunningRegistry() }

    /// The same person once more, under a second record.
    private func registerTwice() async throws {
        try await registry.prepare()
        try await registry.admit()
        let again = RunningRegistry.registration(2, name: "Budi Santosa")
        let reply = try await registry.call(again, as: .registrar)
        #expect(reply.duplicates.map(\.participant) == [id(1)])
    }

    private let merge = MergeParticipants(kept: id(2), duplicate: id(1), reason: "one person")

    @Test("What was recorded before a merge counts for the record that stands, until it is undone")
    func merging() async throws {
        try await registerTwice()
        let list = ListConsents(participant: id(2))
        #expect(try await registry.call(list, as: .registrar).consents.isEmpty)
        _ = try await registry.call(merge, as: .registrar)
        #expect(try await registry.call(list, as: .registrar).consents == [Example.consent()])
        #expect(await registry.refusal(merge, as: .registrar) == .alreadyMerged)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .merged)
        _ = try await registry.call(
            UnmergeParticipants(duplicate: id(1), reason: "twins"), as: .registrar)
        #expect(try await registry.call(list, as: .registrar).consents.isEmpty)
    }

    @Test("A release of the record that stands ends the episode of the one merged into it")
    func releaseAfterMerge() async throws {
        try await registerTwice()
        try await registry.screen()
        _ = try await registry.call(Example.opening(), as: .registrar)
        _ = try await registry.call(merge, as: .registrar)
        let listed = try await registry.call(
            ListEnrollments(participant: id(2)), as: .registrar)
        #expect(listed.enrollments.map(\.id) == [id(700)])
        let departure = try await registry.call(
            ReleaseParticipant(participant: id(2), day: Example.today, kind: .parole),
            as: .registrar)
        #expect(departure.enrollment?.id == id(700))
        #expect(departure.enrollment?.status == .exited)
    }

    @Test("What is restricted under one record is restricted under both, until they are parted")
    func restrictionAfterMerge() async throws {
        try await registerTwice()
        _ = try await registry.call(merge, as: .registrar)
        let request = EnterSubjectRequest(
            id: id(950), participant: id(2), kind: .restriction, channel: .paper,
            words: "saya minta", sections: [.program])
        _ = try await registry.call(request, as: .registrar)
        let lists = [id(1), id(2)].map { ListConsents(participant: $0) }
        for list in lists { #expect(await registry.status(list, as: .counselor) == nil) }
        _ = try await registry.call(
            AnswerSubjectRequest(request: id(950), outcome: .granted, ground: "sesuai"),
            as: .programManager)
        for list in lists {
            #expect(await registry.status(list, as: .counselor) == .permissionDenied)
        }
        _ = try await registry.call(
            UnmergeParticipants(duplicate: id(1), reason: "twins"), as: .registrar)
        #expect(await registry.status(lists[0], as: .counselor) == nil)
        #expect(await registry.status(lists[1], as: .counselor) == .permissionDenied)
    }

    @Test("A transfer moves the record that stands")
    func transferAfterMerge() async throws {
        try await registerTwice()
        try await registry.screen()
        _ = try await registry.call(Example.opening(), as: .registrar)
        _ = try await registry.call(merge, as: .registrar)
        let reply = try await registry.call(
            TransferEnrollment(
                enrollment: id(700), day: Example.today, destination: "Rutan Situbondo",
                facilityCode: "rutan-situbondo", reason: "overcrowding"), as: .registrar)
        #expect(reply.participant.id == id(2))
        let get = GetParticipant(participant: id(2))
        let moved = try await registry.call(get, as: .registrar, at: "rutan-situbondo")
        #expect(moved.facilityCode == "rutan-situbondo")
        // Whoever is gone is no longer for those they have left.
        #expect(await registry.status(get, as: .registrar) == .notFound)
    }

    @Test("A NIK is masked in every reply but that of the one call for it, which the log shows")
    func masked() async throws {
        try await registry.prepare()
        let usual = RunningRegistry.registration()
        let whole = try NationalID("3513140405900001")
        let reply = try await registry.call(
            RegisterParticipant(
                id: usual.id,
                identity: ParticipantIdentity(
                    name: "Budi Santoso", nik: whole, sex: .male, birthDate: day("1990-05-04")),
                facilityCode: usual.facilityCode, register: usual.register,
                caseArticles: usual.caseArticles, sentenceMonths: usual.sentenceMonths,
                releaseDates: usual.releaseDates), as: .registrar)
        func check(_ participant: Participant) {
            #expect(participant.identity.nik == nil)
            #expect(participant.identity.nikEnd == String(whole.digits.suffix(4)))
        }
        check(reply.participant)
        check(try await registry.call(GetParticipant(participant: id(1)), as: .registrar))
        let list = try await registry.call(ListParticipants(), as: .registrar)
        for participant in list.participants { check(participant) }
        check(
            try await registry.call(
                AddAlias(participant: id(1), alias: "Bud"), as: .registrar))
        let shown = try await registry.call(
            RevealNationalID(participant: id(1)), as: .registrar)
        #expect(shown.number == whole)
        let log = try await registry.call(
            ReadAccessLog(participant: id(1)), as: .facilityHead)
        #expect(log.lines.last?.deed == "registry.participant.reveal-nik")
        #expect(
            await registry.status(RevealNationalID(participant: id(1)), as: .counselor)
                == .permissionDenied)
    }

    @Test("Nobody is registered at a facility by somebody who does not work there")
    func elsewhere() async throws {
        try await registry.prepare()
        let stranger = registry.caller(as: .registrar, at: "rutan-situbondo")
        do throws(CallError<RegisterParticipant.Refusal>) {
            _ = try await stranger.call(RunningRegistry.registration())
            Issue.record("somebody was registered from elsewhere")
        } catch {
            #expect(error.failure.rule == "out-of-reach")
        }
        #expect(try await registry.store.read { try $0.all(Participant.self) }.isEmpty)
    }

    @Test("Legal facts change, and refusals of their rules reach the caller")
    func legalFacts() async throws {
        try await registry.prepare()
        _ = try await registry.call(RunningRegistry.registration(), as: .registrar)
        let sentence = try await registry.call(
            SetSentence(participant: id(1), sentenceMonths: 10), as: .registrar)
        #expect(sentence.warnings == [.bookDoesNotFitSentence])
        _ = try await registry.call(
            SetReleaseDate(
                participant: id(1),
                releaseDate: ReleaseDate(
                    kind: .remission, days: 30, recordedOn: Example.today)), as: .registrar)
        _ = try await registry.call(
            SetRegisterF(participant: id(1), entered: true, reason: "fight"), as: .registrar)
        let book = RegisterNumber(book: .b2a, number: "3/2026")
        let move = MoveRegister(participant: id(1), number: book, from: Example.today)
        _ = try await registry.call(move, as: .registrar)
        #expect(await registry.refusal(move, as: .registrar) == .alreadyThere)
        _ = try await registry.call(AddAlias(participant: id(1), alias: "Bud"), as: .registrar)
        let kept = try await registry.call(GetParticipant(participant: id(1)), as: .registrar)
        #expect(kept.legal.registerF)
        #expect(kept.legal.sentenceMonths == 10)
        #expect(kept.legal.releaseDates.count == 2)
        #expect(kept.legal.register.last?.number == book)
        #expect(kept.identity.aliases == ["Bud"])
    }

    @Test("An import stores people and episodes once, and reports what contradicts them")
    func importing() async throws {
        try await registry.prepare()
        func batch(exitClass: ExitClass = .completed) -> ImportCohort {
            ImportCohort(
                facilityCode: Example.rutan,
                rows: [
                    ImportRow(
                        key: "1", participant: id(30), enrollment: id(31), pseudonym: "K-1",
                        sex: .male, age: 30, program: id(200), group: "2024-1",
                        admittedOn: day("2024-01-10"), exitClass: exitClass,
                        exitedOn: day("2024-07-10"), exitReason: "end of program")
                ])
        }
        let first = try await registry.call(batch(), as: .registrar)
        #expect(first.rows.map(\.result) == [.created])
        let position = registry.store.position
        let second = try await registry.call(batch(), as: .registrar)
        #expect(second.rows.map(\.result) == [.unchanged])
        let third = try await registry.call(batch(exitClass: .died), as: .registrar)
        #expect(third.rows.map(\.result) == [.conflict])
        #expect(registry.store.position == position)
        let listed = try await registry.call(
            ListEnrollments(cohort: "2024-1"), as: .registrar)
        #expect(listed.enrollments.map(\.id) == [id(31)])
    }

    @Test("An imported row without admission is shown as an episode, and nowhere as an enrollment")
    func episodes() async throws {
        try await registry.prepare()
        let rows = (0..<3).map { number in
            ImportRow(
                key: "\(number)", participant: id(30 + number), enrollment: id(40 + number),
                program: id(200), group: "2019-1")
        }
        let call = ImportCohort(facilityCode: Example.rutan, rows: rows)
        _ = try await registry.call(call, as: .programManager)
        let again = try await registry.call(call, as: .programManager)
        #expect(again.rows.map(\.result) == [.unchanged, .unchanged, .unchanged])
        let page = try await registry.call(ListImportedEpisodes(limit: 2), as: .registrar)
        #expect(page.episodes.map(\.id) == [id(40), id(41)])
        let rest = try await registry.call(
            ListImportedEpisodes(after: page.next, limit: 2), as: .registrar)
        #expect(rest.episodes.map(\.id) == [id(42)] && rest.next == nil)
        let own = try await registry.call(
            ListImportedEpisodes(participant: id(31)), as: .registrar)
        #expect(own.episodes.map(\.id) == [id(41)])
        #expect(try await registry.call(ListEnrollments(), as: .registrar).enrollments.isEmpty)
    }

    @Test("Enrollments come page by page")
    func pages() async throws {
        try await registry.prepare()
        let rows = (0..<5).map { number in
            ImportRow(
                key: "\(number)", participant: id(30 + number), enrollment: id(40 + number),
                pseudonym: "K-\(number)", sex: .female, age: 30, program: id(200),
                group: "2024-1", admittedOn: day("2024-01-10"), exitClass: .completed,
                exitedOn: day("2024-07-10"), exitReason: "end of program")
        }
        _ = try await registry.call(
            ImportCohort(facilityCode: Example.rutan, rows: rows), as: .registrar)
        var (found, after): ([EnrollmentID], EnrollmentID?) = ([], nil)
        repeat {
            let page = try await registry.call(
                ListEnrollments(after: after, limit: 2), as: .registrar)
            #expect(page.enrollments.count <= 2)
            found += page.enrollments.map(\.id)
            after = page.next
        } while after != nil
        #expect(found == rows.map(\.enrollment))
    }

    @Test("The feed tells the other services what happened, and nobody's name")
    func feed() async throws {
        try await registry.prepare()
        try await registry.admit()
        _ = try await registry.call(
            RevokeConsent(consent: id(300), day: Example.today, reason: "no more"),
            as: .counselor)
        let end = registry.store.position
        var items: [FeedItem] = []
        let follower = registry.caller(as: .clinical)
        for try await item in try await follower.stream(FollowRegistry(after: 0)) {
            items.append(item)
            if item.position == end { break }
        }
        #expect(items.map(\.position) == Array(1...end))
        let participant = try #require(items.first { $0.noun == "participant" })
        let body = try #require(participant.body)
        let summary = try CBORDecoder().decode(ParticipantSummary.self, from: body)
        #expect(summary.id == id(1))
        #expect(summary.legalStatus?.known == .convict)
        for item in items {
            let text = String(decoding: item.body ?? [], as: UTF8.self)
            #expect(!text.contains("Budi"))
            #expect(!text.contains("127 ayat"))
        }
        let revoked = try #require(items.last { $0.noun == "consent" }?.body)
        let consent = try CBORDecoder().decode(ConsentSummary.self, from: revoked)
        #expect(consent.scope.isEmpty)
        #expect(consent.revokedOn == Example.today)
        #expect(items.contains { $0.noun == nil && $0.body == nil })
    }

    @Test("No member of staff follows the feed")
    func feedRefused() async throws {
        let caller = registry.caller(as: .administrator)
        do throws(RPCFailure) {
            for try await _ in try await caller.stream(FollowRegistry(after: 0)) {
                Issue.record("the feed was opened")
                break
            }
            Issue.record("the feed ended well")
        } catch {
            #expect(error.code == .permissionDenied)
        }
    }
}
