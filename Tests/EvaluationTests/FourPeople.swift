import ClinicalAPI
import Instruments
import RegistryAPI
import Vocabulary

/// What the clinical service tells of four people, in the order in which it happened to each.
enum FourPeople {
    static let sessions = [
        ClinicalFeed.session(
            1, on: -190, expected: [1, 2, 3], [1: .present, 2: .countsAgainst, 3: .excused]),
        ClinicalFeed.session(
            2, on: -150, expected: [1, 2, 3], [1: .present, 2: .present, 3: .present]),
        // After the second had left: it belongs to no stay.
        ClinicalFeed.session(3, on: -95, expected: [2], [2: .present]),
        ClinicalFeed.session(4, on: -90, .cancelled, led: "C2", expected: [1, 4]),
        ClinicalFeed.session(5, on: -80, .missed, expected: [1, 4]),
        ClinicalFeed.session(
            6, on: -50, domain: .medical, led: "D1", expected: [1, 4],
            [1: .countsAgainst, 4: .present]),
        // Told twice: as it was planned, and as it was held.
        ClinicalFeed.session(7, on: -30, .scheduled, expected: [1, 4]),
        ClinicalFeed.session(7, on: -30, expected: [1, 4], [1: .present, 4: .excused]),
        ClinicalFeed.session(8, on: 5, .scheduled, expected: [4]),
        // Nobody has said yet what became of it.
        ClinicalFeed.session(9, on: -10, .scheduled, expected: [1, 4]),
    ]

    static let scores = [
        ClinicalFeed.social(1, of: 1, .baseline, on: -205, 40),
        ClinicalFeed.social(2, of: 1, .month3, on: -110, 95, enrollment: 1),
        ClinicalFeed.social(3, of: 1, .month3, on: -110, 64, enrollment: 1, replaces: 2),
        ClinicalFeed.social(4, of: 1, .month6, on: -25, 70, enrollment: 1),
        ClinicalFeed.social(5, of: 2, .baseline, on: -200, 50, enrollment: 2),
        ClinicalFeed.social(6, of: 2, .month3, on: -110, 49, status: .prorated),
        ClinicalFeed.social(7, of: 3, .baseline, on: -199, 60),
        ClinicalFeed.social(8, of: 4, .baseline, on: -100, nil),
        ClinicalFeed.social(9, of: 4, .month3, on: -9, 80),
        ClinicalFeed.score(
            10, of: 1, .month3, on: -110,
            ["urica-32.action": 4.1, "urica-32.maintenance": 3.2], instrument: .urica32),
    ]

    static let tests = [
        ClinicalFeed.urine(1, of: 1, .start, on: -210, .negative),
        ClinicalFeed.urine(2, of: 2, .start, on: -200, .presumptivePositive),
        // The laboratory cleared it.
        ClinicalFeed.urine(2, of: 2, .start, on: -200, .notConfirmed),
        ClinicalFeed.urine(3, of: 3, .start, on: -199, .confirmedPositive),
        ClinicalFeed.urine(4, of: 4, .start, on: -100, .presumptivePositive),
        ClinicalFeed.urine(5, of: 1, .mid, on: -110, .refused),
        ClinicalFeed.urine(6, of: 1, .end, on: -20, .missed),
        ClinicalFeed.urine(7, of: 2, .random, on: -120, .invalid),
        // Too long before the admission to be its start.
        ClinicalFeed.urine(8, of: 4, .start, on: -300, .confirmedPositive),
    ]
}

extension TestService {
    /// Four people admitted 200 days ago, the fourth 100: one completed, one withdrew, one was
    /// released, one is still there.
    func hearOfStays() async throws {
        try await hearOfStay(1, admitted: day(-200), exit: (.completed, day(-20)))
        try await hearOfStay(2, admitted: day(-200), exit: (.withdrew, day(-100)))
        try await hearOfStay(
            3, admitted: day(-200), exit: (.released, day(-140)), releasedOn: day(-140))
        try await hearOfStay(4, admitted: day(-100))
    }

    func hearOfTreatment() async throws {
        var position: Int64 = 0
        func next() -> Int64 {
            position += 1
            return position
        }
        for session in FourPeople.sessions { try await hear(.attendance, session, at: next()) }
        for score in FourPeople.scores { try await hear(.score, score, at: next()) }
        for test in FourPeople.tests { try await hear(.urineTest, test, at: next()) }
    }
}
