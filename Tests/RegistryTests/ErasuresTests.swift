import RPC
import RegistryAPI
import RegistryRules
import Storage
import Testing
import Vocabulary

@Suite("Erasing a section of the registry", .timeLimit(.minutes(1)))
struct ErasuresTests {
    private func request(_ section: Section, holds: [String] = []) -> EraseSection {
        EraseSection(participant: id(1), erased: section, request: "H-7/2026", legalHolds: holds)
    }

    private func reason(
        _ section: Section, inCustody: Bool = false, enrolled: Bool = false,
        lastCareOn: Day? = nil, holds: [String] = [], on today: Day = Example.today
    ) -> EraseSection.Refusal? {
        refusal(EraseSection.Refusal.self) {
            try ErasureRules.check(
                request(section, holds: holds),
                facts: ErasureFacts(
                    isInCustody: inCustody, isEnrolled: enrolled, lastCareOn: lastCareOn),
                today: today)
        }
    }

    @Test("waits 25 years from the last care for the medical record and whose it is")
    func retained() {
        let care = day("2026-02-05")
        for section in [Section.clinical, .identity] {
            #expect(reason(section, lastCareOn: care, on: day("2051-02-05")) == .retained)
            #expect(reason(section, lastCareOn: care, on: day("2051-02-06")) == nil)
            #expect(reason(section) == nil)
        }
        for section in [Section.legal, .program] {
            #expect(reason(section, lastCareOn: care) == nil)
        }
        let facts = ErasureFacts(isInCustody: false, isEnrolled: false, lastCareOn: care)
        let told = ErasureRules.retention(of: .clinical, facts: facts, today: Example.today)
        #expect(told?.contains("Permenkes 24/2022") == true)
        #expect(told?.hasSuffix("until 2051-02-05") == true)
    }

    @Test("goes by the term that holds on the day, not by one to come or gone")
    func dated() {
        func term(_ years: Int, since: String) -> RetentionTerm {
            RetentionTerm(
                section: .clinical, years: years, start: .lastCare, since: day(since),
                ground: "law \(years)")
        }
        let terms = [term(25, since: "2022-08-31"), term(10, since: "2030-01-01")]
        func years(on text: String) -> Int? {
            RetentionTable.term(of: .clinical, on: day(text), in: terms)?.years
        }
        #expect(years(on: "2022-08-30") == nil)
        #expect(years(on: "2029-12-31") == 25)
        #expect(years(on: "2030-01-01") == 10)
        #expect(RetentionTable.term(of: .counseling, on: Example.today) == nil)
    }

    @Test("is refused under a legal hold, in custody, while enrolled, and for what lies elsewhere")
    func refused() {
        #expect(reason(.program, holds: ["PN 12/2026"]) == .legalHold)
        #expect(reason(.legal, inCustody: true) == .inCustody)
        #expect(reason(.program, inCustody: true) == nil)
        #expect(reason(.program, enrolled: true) == .enrolled)
        #expect(reason(.counseling) == .notKeptHere)
        #expect(reason(.operational) == .notKeptHere)
    }

    @Test("takes the name and the number from everywhere, and the person can register anew")
    func identity() async throws {
        let registry = try RunningRegistry()
        try await registry.prepare()
        var registration = RunningRegistry.registration(1, name: "Elok Puspa", fingerprint: "F-1")
        _ = try await registry.call(registration, as: .registrar)
        let erase = request(.identity)
        #expect(await registry.refusal(erase, as: .facilityHead) == .inCustody)
        #expect(await registry.status(erase, as: .registrar) == .permissionDenied)
        _ = try await registry.call(
            ReleaseParticipant(
                participant: id(1), day: Example.today, kind: .parole, letter: "PB-1"),
            as: .registrar)
        let key = await registry.refusal(request(.identity, holds: ["PN 1"]), as: .facilityHead)
        #expect(key == .legalHold)
        let reply = try await registry.call(erase, as: .facilityHead)
        #expect(reply.erased == .identity)
        #expect(try await registry.call(erase, as: .facilityHead) == reply)

        let shown = try await registry.call(GetParticipant(participant: id(1)), as: .registrar)
        #expect(shown.identity.name == "erased")
        #expect(shown.identity.fingerprintNumber == nil)
        #expect(shown.identity.birthDate == nil)
        #expect(shown.legal.sentenceMonths == 24)
        let search = ListParticipants(nameContains: "Elok", includingGone: true)
        #expect(try await registry.call(search, as: .registrar).participants.isEmpty)
        // The same card again: nothing is left to find the erased record by.
        registration = RunningRegistry.registration(2, name: "Elok Puspa", fingerprint: "F-1")
        #expect(try await registry.call(registration, as: .registrar).duplicates.isEmpty)
        let entries = try await registry.store.entries(after: 0, limit: 100)
        #expect(entries.filter { $0.verb == "erased" }.map(\.position) == [reply.position])
        try await registry.store.rebuild()
        #expect(
            try await registry.call(GetParticipant(participant: id(1)), as: .registrar) == shown)
    }

    @Test("leaves nothing by which the NIK is found in plain text, and finds it by its fingerprint")
    func exact() async throws {
        let registry = try RunningRegistry()
        try await registry.prepare()
        func registration(_ number: UInt64, birth: String, nik: String) throws
            -> RegisterParticipant
        {
            let example = RunningRegistry.registration(number, birth: birth)
            var identity = Example.identity(name: "Nama \(number) lain", birth: birth)
            identity.nik = try NationalID(nik)
            identity.nikUnknownReason = nil
            return RegisterParticipant(
                id: example.id, identity: identity, facilityCode: example.facilityCode,
                register: example.register, caseArticles: example.caseArticles,
                sentenceMonths: example.sentenceMonths, releaseDates: example.releaseDates)
        }
        let first = try registration(1, birth: "1990-05-04", nik: "3513010405900001")
        _ = try await registry.call(first, as: .registrar)
        // Another year of birth and another name: only the number says that it is one person.
        let second = try registration(2, birth: "1971-01-01", nik: "3513010405900001")
        #expect(await registry.refusal(second, as: .registrar) == .duplicate)
        let third = try registration(3, birth: "1971-01-01", nik: "3513010405900002")
        #expect(try await registry.call(third, as: .registrar).duplicates.isEmpty)
    }
}
