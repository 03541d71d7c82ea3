import Foundation
import Testing
import Vocabulary

@Suite("Legal requests and restrictions in the access policy")
struct AccessPolicyTests {
    private static let today = Day(number: 20_000)

    private func standing(
        grants: [LegalGrant] = [], restricted: Set<Section> = []
    ) -> PersonStanding {
        PersonStanding(
            records: [ParticipantID(UUID())], facilityCode: "rutan", partnerCodes: [], consents: [],
            exits: [], releases: [],
            today: Self.today, legalGrants: grants, restricted: restricted)
    }

    private func refusal(
        _ section: Section, _ purpose: PurposeOfUse?, _ standing: PersonStanding
    ) -> AccessPolicy.Refusal? {
        do throws(AccessPolicy.Refusal) {
            try AccessPolicy.checkConsent(to: section, for: purpose, standing)
            return nil
        } catch {
            return error
        }
    }

    @Test("HLEGAL needs a grant of this section that holds today, in every personal section")
    func legal() {
        let grant = LegalGrant(
            sections: [.clinical, .legal], from: Self.today.adding(days: -1), through: Self.today)
        for section in Section.allCases where section.isPersonal {
            #expect(refusal(section, .legal, standing()) == .legalRequestMissing)
            let covered = [.clinical, .legal].contains(section)
            #expect(
                refusal(section, .legal, standing(grants: [grant]))
                    == (covered ? nil : .legalRequestMissing), "\(section)")
        }
        for days in [(-9, -1), (1, 9)] {
            let other = LegalGrant(
                sections: [.clinical], from: Self.today.adding(days: days.0),
                through: Self.today.adding(days: days.1))
            #expect(
                refusal(.clinical, .legal, standing(grants: [other])) == .legalRequestMissing)
        }
        #expect(refusal(.clinical, .administration, standing()) == nil)
    }

    @Test("a restriction stops every purpose but an emergency, a grant and the person's own")
    func restricted() {
        let grant = LegalGrant(sections: [.program], from: Self.today, through: Self.today)
        let standing = standing(grants: [grant], restricted: [.program])
        let free: Set<PurposeOfUse?> = [.emergency, .legal, .ownRequest]
        for purpose in PurposeOfUse.allCases.map(Optional.some) + [nil] {
            #expect(
                refusal(.program, purpose, standing) == (free.contains(purpose) ? nil : .restricted)
            )
        }
        #expect(refusal(.identity, nil, standing) == nil)
    }
}
