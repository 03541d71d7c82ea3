import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("One person, two names")
struct DuplicatesTests {
    private func person(
        _ number: UInt64, _ name: String, birth: String = "1990-05-04", fingerprint: String? = nil
    ) -> Participant {
        var participant = Example.participant(number)
        participant.identity = Example.identity(
            name: name, birth: birth, fingerprint: fingerprint)
        return participant
    }

    private func grounds(_ one: Participant, _ other: Participant) -> [Duplicate.Ground] {
        Duplicates.find(one.identity, of: one.id, among: [other]).first?.grounds ?? []
    }

    @Test("Jaro and Winkler's likeness has its published values")
    func jaroWinkler() {
        for (one, other, expected) in [
            ("martha", "marhta", 0.9611), ("dixon", "dicksonx", 0.8133), ("dwayne", "duane", 0.84),
        ] {
            let value = NameLikeness.jaroWinkler(one, other)
            #expect(abs(value - expected) < 0.00005, "\(one) \(value)")
        }
        #expect(NameLikeness.jaroWinkler("abc", "xyz") == 0)
        #expect(NameLikeness.jaroWinkler("", "") == 1)
    }

    @Test("spellings of one name are likely one person, where the birth date agrees")
    func spellings() {
        let budi = person(1, "Moch. Soekardjo Wibowo")
        #expect(grounds(budi, person(2, "Muhammad Sukarjo Wibowo")) == [.nameAndBirth])
        #expect(grounds(budi, person(2, "Wibowo Sukarjo")) == [.nameAndBirth])
        // Day and month swapped.
        #expect(
            grounds(budi, person(2, "Muhammad Sukarjo Wibowo", birth: "1990-04-05"))
                == [.nameAndBirth])
        #expect(grounds(budi, person(2, "Muhammad Sukarjo Wibowo", birth: "1990-05-05")) == [])
        #expect(grounds(budi, person(2, "Agus Hartono")) == [])
        #expect(grounds(person(1, "Slamet"), person(2, "Slamet Riyadi")) == [])
    }

    @Test("an alias counts as a name")
    func alias() {
        var other = person(2, "Agus Hartono")
        other.identity.aliases = ["Budi Santosa"]
        #expect(grounds(person(1, "Budi Santoso"), other) == [.nameAndBirth])
    }

    @Test("the same fingerprint number is exact, different ones keep twins apart")
    func fingerprints() {
        let one = person(1, "Hasan Basri", fingerprint: "F-1")
        #expect(
            grounds(one, person(2, "Agus Hartono", birth: "1980-01-01", fingerprint: "F-1"))
                == [.fingerprint])
        #expect(grounds(one, person(2, "Hasan Basri", fingerprint: "F-2")) == [])
        #expect(grounds(one, person(2, "Hasan Basri")) == [.nameAndBirth])
    }

    @Test("merged records and people declared distinct are not reported again")
    func silent() {
        let one = person(1, "Budi Santoso")
        var other = person(2, "Budi Santoso")
        #expect(
            Duplicates.find(
                one.identity, of: one.id, distinctFrom: [other.id], among: [other]) == [])
        other.distinctFrom = [one.id]
        #expect(grounds(one, other) == [])
        other.distinctFrom = nil
        other.mergedInto = id(3)
        #expect(grounds(one, other) == [])
        #expect(grounds(one, one) == [])
    }

    @Test("merging takes the census from 24 to 23, and unmerging restores all")
    func merging() throws {
        let people = (1...24).map { Example.participant($0) }
        #expect(MergeRules.census(people) == 24)
        let call = MergeParticipants(kept: id(1), duplicate: id(2), reason: "same fingerprints")
        let merged = try MergeRules.merge(
            call, kept: people[0], duplicate: people[1], enrollments: [])
        var after = people
        after[1] = merged
        #expect(MergeRules.census(after) == 23)
        let links = Dictionary(uniqueKeysWithValues: after.map { ($0.id, $0.mergedInto) })
        #expect(MergeRules.standing(for: id(2)) { links[$0] ?? nil } == id(1))
        #expect(MergeRules.standing(for: id(3)) { links[$0] ?? nil } == id(3))
        let undo = UnmergeParticipants(duplicate: id(2), reason: "they were twins")
        #expect(try MergeRules.unmerge(undo, duplicate: merged) == people[1])
        #expect(
            refusal(UnmergeParticipants.Refusal.self) {
                try MergeRules.unmerge(undo, duplicate: people[1])
            } == .notMerged)
    }

    @Test("a ring of merges, which cannot be, does not hang")
    func ring() {
        let links: [ParticipantID: ParticipantID] = [id(1): id(2), id(2): id(1)]
        #expect(MergeRules.standing(for: id(1)) { links[$0] } == id(2))
    }

    @Test("twins, declared strangers, and two open enrollments are not merged")
    func mergeRefusals() throws {
        typealias Reason = MergeParticipants.Refusal
        func refused(
            _ kept: Participant, _ other: Participant, _ enrollments: [Enrollment] = []
        ) -> Reason? {
            refusal(Reason.self) {
                try MergeRules.merge(
                    MergeParticipants(kept: kept.id, duplicate: other.id, reason: "looks alike"),
                    kept: kept, duplicate: other, enrollments: enrollments)
            }
        }
        let one = person(1, "Hasan Basri", fingerprint: "F-1")
        var other = person(2, "Husein Basri", fingerprint: "F-2")
        #expect(refused(one, other) == .differentIdentity)
        other.identity.fingerprintNumber = nil
        #expect(refused(one, other) == nil)
        other.distinctFrom = [one.id]
        #expect(refused(one, other) == .declaredDistinct)
        other.distinctFrom = nil
        other.mergedInto = id(3)
        #expect(refused(one, other) == .alreadyMerged)
        other.mergedInto = nil
        let second = Enrollment(
            id: id(701), participant: other.id, program: id(200), cohort: "1", status: .onHold,
            stages: [], openedOn: Example.today, plannedEnd: Example.today)
        #expect(refused(one, other, [Example.enrollment(), second]) == .bothEnrolled)
        #expect(refused(one, other, [second]) == nil)
        #expect(
            wrongField {
                try MergeRules.merge(
                    MergeParticipants(kept: one.id, duplicate: one.id, reason: "slip"), kept: one,
                    duplicate: one, enrollments: [])
            } == "duplicate")
    }
}
