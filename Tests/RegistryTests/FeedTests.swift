import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("The registry's feed")
struct FeedTests {
    @Test("tells of a participant without name, number or case")
    func participant() throws {
        var participant = Example.participant()
        participant.identity.nikUnknownReason = nil
        participant.identity.nik = try NationalID("9271060312000001")
        participant.identity.aliases = ["Budi Kecil"]
        participant.identity.fatherName = "Hartono"
        participant.identity.fingerprintNumber = "F-77"
        participant.releases = [Release(day: day("2020-01-01"), kind: .parole, letter: "L-55")]
        let summary = FeedRules.summary(of: participant)
        #expect(summary.birthYear == 1990)
        #expect(summary.legalStatus?.known == .convict)
        #expect(summary.releasedOn == nil)
        let text = String(reflecting: summary)
        for secret in [
            "Budi", "Santoso", "Hartono", "F-77", "9271060312000001", "L-55", "127",
            "12/2025",
        ] {
            #expect(!text.contains(secret), "\(secret)")
        }
    }

    @Test("tells of a release until the person comes back")
    func release() throws {
        var participant = Example.participant()
        participant.legal.register[1].until = day("2026-02-01")
        participant.releases = [Release(day: day("2026-02-01"), kind: .parole)]
        let summary = FeedRules.summary(of: participant)
        #expect(summary.releasedOn == day("2026-02-01"))
        #expect(summary.legalStatus == nil)
        participant.legal.register.append(
            RegisterEntry(
                number: RegisterNumber(book: .a1, number: "1"), from: day("2026-02-20")))
        let back = FeedRules.summary(of: participant)
        #expect(back.releasedOn == nil)
        #expect(back.releases.count == 1)
    }

    @Test("gives each person a name to say aloud, the same every time")
    func pseudonym() {
        let one = FeedRules.pseudonym(for: id(1))
        #expect(one == "P-00000001")
        #expect(FeedRules.pseudonym(for: id(0xff_ffff_ffff)) == "P-ZZZZZZZZ")
        var imported = Example.participant()
        imported.pseudonym = "W-001"
        #expect(FeedRules.summary(of: imported).pseudonym == "W-001")
    }

    @Test("tells what a consent still covers")
    func consent() {
        var consent = Example.consent()
        consent.revocations = [
            Revocation(day: day("2026-02-10"), reason: "afraid of a guard", sections: [.clinical])
        ]
        let summary = FeedRules.summary(of: consent, on: Example.today)
        #expect(summary.scope.map(\.known) == [.program])
        #expect(summary.revokedOn == day("2026-02-10"))
        #expect(!String(reflecting: summary).contains("guard"))
    }

    @Test("tells of an enrollment and of staff without free text and names")
    func enrollment() {
        var enrollment = Example.enrollment()
        enrollment.holds = [
            Hold(from: day("2026-04-01"), until: day("2026-04-02"), reason: .court, note: "secret")
        ]
        enrollment.exit = Exit(
            exitClass: .withdrew, day: day("2026-05-01"), reason: "secret", destination: "secret")
        let summary = FeedRules.summary(of: enrollment)
        #expect(summary.stage == "entry")
        #expect(summary.exitClass?.known == .withdrew)
        #expect(!String(reflecting: summary).contains("secret"))
        let staff = FeedRules.summary(of: Example.staff(5, .counselor))
        #expect(staff.role == .counselor)
        #expect(!String(reflecting: staff).contains("Staff 5"))
    }
}
