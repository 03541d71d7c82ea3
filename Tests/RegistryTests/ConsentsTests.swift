import RPC
import RegistryAPI
import RegistryRules
import Testing
import Vocabulary

@Suite("Consent")
struct ConsentsTests {
    typealias Reason = RecordConsent.Refusal

    private func record(
        _ consent: Consent, witness: Staff? = nil, existing: Consent? = nil,
        _ participant: Participant = Example.participant()
    ) throws -> RecordConsent.Reply {
        try ConsentRules.record(
            RecordConsent(consent: consent),
            facts: ConsentFacts(participant: participant, witness: witness, existing: existing),
            today: Example.today)
    }

    @Test("is recorded before a witness who is not custody")
    func witness() throws {
        #expect(try record(Example.consent()).consent == Example.consent())
        for role in Role.allCases {
            let consent = Example.consent(witness: Witness(name: "Staff 5", staff: id(5)))
            let reason = refusal(Reason.self) {
                try record(consent, witness: Example.staff(5, role))
            }
            let custody: [Role] = [.security, .registrar, .facilityHead]
            #expect(reason == (custody.contains(role) ? .witnessIsCustody : nil), "\(role)")
        }
        let consent = Example.consent(witness: Witness(name: "Staff 5", staff: id(5)))
        #expect(refusal(Reason.self) { try record(consent) } == .witnessUnknown)
        #expect(
            refusal(Reason.self) {
                try record(consent, witness: Example.staff(5, .counselor, active: false))
            } == .witnessUnknown)
        #expect(
            wrongField { try record(Example.consent(witness: Witness(name: "Siti"))) }
                == "consent.witness.relation")
    }

    @Test("is not recorded twice over, for the dead, or under a merged record")
    func refusals() throws {
        let consent = Example.consent()
        #expect(try record(consent, existing: consent).consent == consent)
        #expect(
            refusal(Reason.self) {
                try record(consent, existing: Example.consent(signedOn: "2026-01-01"))
            } == .idTaken)
        var participant = Example.participant()
        participant.diedOn = day("2026-01-01")
        #expect(refusal(Reason.self) { try record(consent, participant) } == .deceased)
        participant.mergedInto = id(2)
        #expect(refusal(Reason.self) { try record(consent, participant) } == .merged)
    }

    @Test("leaves a day to reflect, or says why not, and says that refusing has no penalty")
    func explained() throws {
        func explained(
            on text: String, read: Bool = true, because: String? = nil
        ) -> Consent {
            Example.consent(
                explanation: Explanation(
                    explainedOn: day(text), noPenaltyReadOut: read, hurriedBecause: because))
        }
        #expect(try record(explained(on: "2026-01-31")).warnings.isEmpty)
        #expect(
            refusal(Reason.self) { try record(explained(on: "2026-02-01")) } == .noTimeToReflect)
        #expect(
            try record(explained(on: "2026-02-01", because: "dipindahkan besok")).warnings.isEmpty)
        #expect(
            refusal(Reason.self) { try record(explained(on: "2026-01-31", read: false)) }
                == .penaltyNotExcluded)
        #expect(wrongField { try record(explained(on: "2026-02-02")) } == "consent.signedOn")
        let old = Example.consent(explanation: nil)
        #expect(refusal(Reason.self) { try record(old) } == .notExplained)
        #expect(try record(old, existing: old).consent == old)
    }

    @Test("warns where a minor has no guardian")
    func minor() throws {
        var participant = Example.participant()
        participant.identity.birthDate = day("2008-02-02")
        #expect(
            try record(Example.consent(), participant).warnings == [.minorWithoutGuardian])
        // A name alone says neither who that is nor that they agreed.
        #expect(
            try record(Example.consent(guardian: "Ibu Ani"), participant).warnings
                == [.minorWithoutGuardian])
        let guardianship = Guardianship(relation: "ibu", agreedOn: day("2026-02-01"))
        #expect(
            try record(
                Example.consent(guardian: "Ibu Ani", guardianship: guardianship), participant
            ).warnings.isEmpty)
        #expect(
            wrongField { try record(Example.consent(guardianship: guardianship), participant) }
                == "consent.guardian")
        participant.identity.birthDate = day("2008-02-01")
        #expect(try record(Example.consent(), participant).warnings.isEmpty)
    }

    @Test("has a scope, an end, and recipients only where data is shared")
    func input() {
        func wrong(_ consent: Consent) -> String? { wrongField { try record(consent) } }
        #expect(wrong(Example.consent(scope: [])) == "consent.scope")
        #expect(wrong(Example.consent(scope: [.program, .program])) == "consent.scope")
        #expect(wrong(Example.consent(scope: [.operational])) == "consent.scope")
        #expect(wrong(Example.consent(expiresOn: nil)) == "consent.expiresOn")
        #expect(wrong(Example.consent(expiresOn: "2026-01-31")) == "consent.expiresOn")
        #expect(wrong(Example.consent(signedOn: "2026-03-02")) == "consent.signedOn")
        #expect(wrong(Example.consent(kind: .dataSharing)) == nil)
        let shared = Consent(
            id: id(1), participant: id(1), kind: .dataSharing, version: "3", scope: [.program],
            purpose: "evaluation", language: "id", signedOn: day("2026-02-01"),
            endsWith: .release, witness: Witness(name: "Siti", relation: "family"))
        #expect(wrong(shared) == "consent.recipients")
        var revoked = Example.consent()
        revoked.revocations = [Revocation(day: Example.today, reason: "none given")]
        #expect(wrong(revoked) == "consent.revocations")
    }

    @Test("is taken back whole or in part, and processing stops within 3 × 24 hours")
    func revocation() throws {
        let now = Timestamp(microseconds: 1_772_000_000_000_000)
        func revoke(
            _ consent: Consent, _ sections: [Section]? = nil, on text: String = "2026-03-01"
        ) throws -> RevokeConsent.Reply {
            try ConsentRules.revoke(
                RevokeConsent(
                    consent: consent.id, day: day(text), reason: "none given", sections: sections),
                consent: consent, today: Example.today, now: now)
        }
        let reply = try revoke(Example.consent(), [.clinical])
        #expect(reply.stopBy.seconds(since: now) == 259_200)
        #expect(ConsentRules.scope(of: reply.consent, on: day("2026-02-28")).count == 2)
        #expect(ConsentRules.scope(of: reply.consent, on: Example.today) == [.program])
        typealias Reason = RevokeConsent.Refusal
        #expect(
            refusal(Reason.self) { try revoke(reply.consent, [.clinical]) } == .alreadyRevoked)
        #expect(refusal(Reason.self) { try revoke(reply.consent, [.legal]) } == .notInScope)
        let whole = try revoke(reply.consent).consent
        #expect(ConsentRules.scope(of: whole, on: Example.today).isEmpty)
        #expect(refusal(Reason.self) { try revoke(whole) } == .alreadyRevoked)
        #expect(wrongField { try revoke(Example.consent(), on: "2026-01-31") } == "day")
        #expect(wrongField { try revoke(Example.consent(), on: "2026-03-02") } == "day")
    }

    @Test("holds through its last day, and through the day of the event that ends it")
    func states() {
        func state(_ consent: Consent, _ text: String, exits: [String] = []) -> ConsentState {
            ConsentRules.state(
                of: consent, on: day(text), exits: exits.map { day($0) }, releases: [])
        }
        let dated = Example.consent()
        #expect(state(dated, "2026-01-31") == .notYetSigned)
        #expect(state(dated, "2026-02-01") == .valid)
        #expect(state(dated, "2026-12-31") == .valid)
        #expect(state(dated, "2027-01-01") == .expired)
        let event = Example.consent(expiresOn: nil, endsWith: .exit)
        #expect(state(event, "2026-08-01", exits: ["2026-08-01"]) == .valid)
        #expect(state(event, "2026-08-02", exits: ["2026-08-01"]) == .expired)
        #expect(state(event, "2026-08-02", exits: ["2026-02-01"]) == .valid)
        let release = Example.consent(expiresOn: nil, endsWith: .release)
        #expect(state(release, "2026-08-02", exits: ["2026-08-01"]) == .valid)
    }
}
