import Foundation
import Testing
import Vocabulary

@Suite("Consent of a person with several records")
struct ConsentAfterMergeTests {
    private static let today = Day(number: 20_000)
    private let kept = ParticipantID(UUID())
    private let merged = ParticipantID(UUID())

    private func day(_ offset: Int) -> Day { Self.today.adding(days: offset) }

    private func term(
        _ record: ParticipantID, _ covered: Set<Section>, withdrawn: Set<Section> = [],
        signed: Int, withdrawnOn: Int? = nil, expires: Int? = nil
    ) -> ConsentTerm {
        ConsentTerm(
            record: record, kind: .sharing, covered: covered, withdrawn: withdrawn,
            signedOn: day(signed), withdrawnOn: withdrawnOn.map(day), expiresOn: expires.map(day),
            endsWith: nil)
    }

    private func state(_ terms: [ConsentTerm]) -> PersonStanding.ConsentState {
        PersonStanding(
            records: [kept, merged], facilityCode: "rutan", partnerCodes: [], consents: terms,
            exits: [], releases: [], today: Self.today
        ).consent(.sharing, to: .clinical)
    }

    @Test("of one record one that holds is enough")
    func one() {
        let wide = term(merged, [.clinical, .program], signed: -90)
        let back = term(merged, [], withdrawn: [.clinical], signed: -80, withdrawnOn: -10)
        #expect(state([]) == .none)
        #expect(state([wide]) == .given)
        #expect(state([wide, back]) == .given)
        #expect(state([back]) == .withdrawn)
        #expect(state([term(kept, [.clinical], signed: -90, expires: -1), back]) == .withdrawn)
        #expect(state([term(kept, [.clinical], signed: -90, expires: -1)]) == .lapsed)
        #expect(state([term(kept, [.clinical], signed: 1)]) == .none)
    }

    @Test("of several the narrower holds")
    func narrower() {
        let wide = term(merged, [.clinical, .program], signed: -50)
        #expect(state([wide, term(kept, [.program], signed: -90)]) == .none)
        #expect(state([wide, term(kept, [.program], signed: -10)]) == .none)
        #expect(
            state([wide, term(kept, [], withdrawn: [.clinical], signed: -90, withdrawnOn: -80)])
                == .withdrawn)
        #expect(state([wide, term(kept, [.clinical], signed: -90, expires: -1)]) == .lapsed)
        #expect(state([wide, term(kept, [.clinical], signed: -90)]) == .given)
    }

    @Test("what one record withholds is given by a later signature under the one that stands")
    func later() {
        let back = term(merged, [], withdrawn: [.clinical], signed: -90, withdrawnOn: -30)
        #expect(state([back, term(kept, [.clinical], signed: -60)]) == .withdrawn)
        #expect(state([back, term(kept, [.clinical], signed: -30)]) == .withdrawn)
        #expect(state([back, term(kept, [.clinical], signed: -29)]) == .given)
        // Under the record that was merged away nobody signs any more.
        let own = term(kept, [], withdrawn: [.clinical], signed: -90, withdrawnOn: -30)
        #expect(state([own, term(merged, [.clinical], signed: -29)]) == .withdrawn)
    }
}
