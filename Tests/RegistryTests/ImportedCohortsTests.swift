import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Importing an earlier cohort")
struct ImportedCohortsTests {
    private func row(
        _ number: UInt64 = 1, key: String? = nil, name: String? = nil,
        pseudonym: String? = "W-001", birth: String? = nil, age: Int? = 27,
        exited: String = "2021-09-01", exitClass: ExitClass = .completed,
        released: String? = "2022-01-01", enrollment: UInt64? = nil, group: String = "2021-1"
    ) -> ImportRow {
        ImportRow(
            key: key ?? "row \(number)", participant: id(number),
            enrollment: id(enrollment ?? 1000 + number), name: name, pseudonym: pseudonym,
            sex: .male, birthDate: birth.map { day($0) }, age: age, program: id(200),
            group: group, admittedOn: day("2021-03-01"), exitClass: exitClass,
            exitedOn: day(exited), exitReason: "as the list says",
            releasedOn: released.map { day($0) })
    }

    private func decide(
        _ rows: [ImportRow], facility: String = Example.rutan,
        _ change: (inout ImportFacts) -> Void = { _ in }
    ) throws -> ImportDecision {
        var facts = ImportFacts(
            facilityCodes: Example.facilities, programs: [id(200): Example.program()])
        change(&facts)
        return try ImportRules.decide(
            ImportCohort(facilityCode: facility, rows: rows), facts: facts, today: Example.today)
    }

    @Test("creates people and episodes that are marked historical and skip every entry rule")
    func creates() throws {
        let decision = try decide([row()])
        #expect(decision.rows.map(\.result) == [.created])
        let person = try #require(decision.participants.first)
        #expect(person.historical && person.identity.birthYear == 1994)
        #expect(person.pseudonym == "W-001")
        #expect(person.releases.map(\.day) == [day("2022-01-01")])
        let episode = try #require(decision.enrollments.first)
        #expect(episode.historical && episode.status == .exited)
        #expect(episode.plannedEnd == day("2021-08-28"))
        #expect(episode.exit?.exitClass == .completed)
    }

    @Test("changes nothing the second time, and keeps what was recorded since")
    func again() throws {
        let first = try decide([row()])
        var person = try #require(first.participants.first)
        person.legal.register = Example.participant().legal.register
        person.identity.aliases = ["Budi"]
        let episode = try #require(first.enrollments.first)
        let second = try decide([row()]) {
            $0.participants = [person.id: person]
            $0.enrollments = [episode.id: episode]
        }
        #expect(second.rows.map(\.result) == [.unchanged])
        #expect(second.participants.isEmpty && second.enrollments.isEmpty)
    }

    @Test("leaves out a row whose ids are in use for something else, and stores the others")
    func conflict() throws {
        let decision = try decide([row(), row(2)]) {
            $0.participants = [id(1): Example.participant()]
        }
        #expect(decision.rows.map(\.result) == [.conflict, .created])
        #expect(decision.participants.map(\.id) == [id(2)])
        let clash = try decide([row(), row(2, enrollment: 1001)])
        #expect(clash.rows.map(\.result) == [.created, .conflict])
    }

    @Test("takes several episodes of one person")
    func episodes() throws {
        let decision = try decide([
            row(1, key: "a"), row(1, key: "b", enrollment: 2001, group: "2021-2"),
        ])
        #expect(decision.rows.map(\.result) == [.created, .created])
        #expect(decision.participants.count == 1 && decision.enrollments.count == 2)
    }

    private func bare(age: Int? = nil, admitted: String? = nil, released: String? = nil)
        -> ImportRow
    {
        ImportRow(
            key: "17", participant: id(1), enrollment: id(1001), age: age, program: id(200),
            group: "imported", admittedOn: admitted.map { day($0) },
            releasedOn: released.map { day($0) })
    }

    @Test("takes a row of which only key and program are known, and makes nothing up")
    func bareRow() throws {
        let decision = try decide([bare()])
        #expect(decision.rows.map(\.result) == [.created])
        let person = try #require(decision.participants.first)
        #expect(person.identity.name == "17" && person.identity.sex == .unknown)
        #expect(person.identity.birthDate == nil && person.identity.birthYear == nil)
        #expect(person.releases.isEmpty)
        #expect(decision.enrollments.isEmpty)
        #expect(
            decision.episodes == [
                ImportedEpisode(
                    id: id(1001), participant: id(1), program: id(200), cohort: "imported")
            ])
    }

    @Test("keeps an age that no day is known for, and counts it from the release otherwise")
    func ages() throws {
        let alone = try decide([bare(age: 30)])
        #expect(alone.episodes.first?.age == 30)
        #expect(alone.participants.first?.identity.birthYear == nil)
        let released = try decide([bare(age: 30, released: "2020-06-01")])
        #expect(released.participants.first?.identity.birthYear == 1990)
        #expect(released.participants.first?.releases.first?.kind == .notRecorded)
    }

    @Test("compares a repeat of what is less than an enrollment, and names what differs")
    func bareAgain() throws {
        let first = try decide([bare(age: 30)])
        let person = try #require(first.participants.first)
        let episode = try #require(first.episodes.first)
        func again(_ row: ImportRow) throws -> ImportDecision {
            try decide([row]) {
                $0.participants = [person.id: person]
                $0.episodes = [episode.id: episode]
            }
        }
        #expect(try again(bare(age: 30)).rows.map(\.result) == [.unchanged])
        let older = try again(bare(age: 31))
        #expect(older.rows.map(\.result) == [.conflict])
        #expect(older.rows.first?.differing == ["age"])
        #expect(older.participants.isEmpty && older.episodes.isEmpty)
        let admitted = try again(bare(age: 30, admitted: "2020-01-01"))
        #expect(admitted.rows.first?.differing == ["age", "admittedOn"])
    }

    @Test("never takes a live record for one it imported")
    func live() throws {
        let first = try decide([row()])
        let stored = try #require(first.enrollments.first)
        let same = try decide([row()]) {
            $0.enrollments = [
                stored.id: Enrollment(
                    id: stored.id, participant: stored.participant, program: stored.program,
                    cohort: stored.cohort, status: stored.status, stages: [],
                    openedOn: stored.openedOn, plannedEnd: stored.plannedEnd, exit: stored.exit)
            ]
        }
        #expect(same.rows.first?.differing == ["enrollment"])
    }

    @Test("refuses what is not known, and a batch with a malformed row by its number")
    func refusals() {
        typealias Reason = ImportCohort.Refusal
        #expect(
            refusal(Reason.self) { try decide([row()], facility: "rutan-x") } == .facilityUnknown)
        #expect(
            refusal(Reason.self) { try decide([row()]) { $0.programs = [:] } }
                == .programUnknown)
        func wrong(_ row: ImportRow) -> String? { wrongField { try decide([self.row(9), row]) } }
        #expect(wrong(row(age: .min)) == "rows[1].age")
        #expect(wrong(row(birth: "1994-01-01")) == "rows[1].age")
        #expect(wrong(row(birth: "2021-03-01", age: nil)) == "rows[1].birthDate")
        #expect(wrong(row(exited: "2021-02-28")) == "rows[1].exitedOn")
        #expect(wrong(row(exited: "2026-03-02", released: nil)) == "rows[1].exitedOn")
        #expect(wrong(row(released: "2021-08-31")) == "rows[1].releasedOn")
        #expect(wrong(row(key: "row 9")) == "rows.key")
        #expect(wrongField { try decide([]) } == "rows")
        #expect(wrongField { try decide((0...200).map { row($0) }) } == "rows")
        #expect(wrongField { try decide((1...200).map { row($0) }) } == nil)
    }
}
