import ClinicalAPI
import ClinicalRules
import Foundation
import Instruments
import Testing
import Vocabulary

@Suite("What leaves the service")
struct FeedTests {
    private func administration(
        _ instrument: InstrumentCode, _ answers: [String: Int],
        occasion: Administration.Occasion = .screening,
        correction: Correction<Noun.Administration>? = nil
    ) throws -> Administration {
        let answers = Answers(answers)
        let sheet = try Scoring.sheet(of: instrument, answers)
        return Administration(
            id: Scene.id(1), participant: Scene.ani, enrollment: nil, instrument: instrument,
            version: sheet.version, mode: .interview, window: nil, occasion: occasion,
            day: Scene.day(90), assessor: Scene.counselor.staff, answers: answers, sheet: sheet,
            correction: correction, recordedBy: Scene.counselor, recordedAt: Scene.at(90))
    }

    /// Alcohol and tobacco high, stimulants moderate, cannabis low.
    private var assist: [String: Int] {
        var answers: [String: Int] = ["8": 0]
        for substance in ASSIST.Substance.allCases { answers["1/\(substance.rawValue)"] = 0 }
        for letter in ["a", "b"] {
            for (question, answer) in [(1, 3), (2, 6), (3, 6), (4, 7), (6, 6), (7, 6)] {
                answers["\(question)/\(letter)"] = answer
            }
        }
        answers["5/b"] = 8
        for letter in ["c", "e"] {
            for (question, answer) in [(1, 3), (2, 0), (6, 0), (7, 0)] {
                answers["\(question)/\(letter)"] = answer
            }
        }
        answers["6/e"] = 6
        return answers
    }

    @Test("tells the registry the bands of a screening, the highest without alcohol and tobacco")
    func screening() throws {
        let original = Correction<Noun.Administration>(of: Scene.id(9), reason: "salah ketik")
        let record = try administration(.assist, assist, correction: original)
        let summary = try #require(Projections.screening(record))
        func band(_ substance: ASSIST.Substance) -> String? {
            summary.bands.first { $0.scale == substance.scale }?.band
        }
        #expect(band(.tobacco) == "high")
        #expect(band(.alcohol) == "high")
        #expect(band(.stimulants) == "moderate")
        #expect(band(.cannabis) == "low")
        #expect(summary.highestDrugBand?.known == .moderate)
        #expect(summary.replaces == Scene.id(9))
        #expect(RiskBand.low < .moderate && .moderate < .high)
    }

    @Test("tells the registry nothing of other questionnaires and occasions")
    func noScreening() throws {
        #expect(Projections.screening(try administration(.phq9, ["1": 1])) == nil)
        #expect(Projections.screening(try administration(.whoqolBref, ["1": 1])) == nil)
        let later = try administration(.assist, assist, occasion: .month3)
        #expect(Projections.screening(later) == nil)
        let dast = try #require(Projections.screening(try administration(.dast10, ["1": 1])))
        #expect(dast.highestDrugBand == nil)
    }

    @Test("tells the registry that a screening does not stand, also when it was none")
    func correctedToAnotherOccasion() throws {
        let original = Correction<Noun.Administration>(of: Scene.id(9), reason: "wrong occasion")
        let later = try administration(.assist, assist, occasion: .month3, correction: original)
        let summary = try #require(Projections.screening(later))
        #expect(summary.replaces == Scene.id(9))
        #expect(summary.highestDrugBand?.known == nil)
        #expect(summary.bands.isEmpty)
    }

    @Test("tells the evaluation the scores, and no answer")
    func score() throws {
        let record = try administration(.phq9, ["1": 3, "9": 2], occasion: .month3)
        let summary = Projections.score(record)
        #expect(summary.scores == record.sheet.scores.map(ScoreSummary.Line.init))
        #expect(summary.occasion == .month3)
        #expect(summary.assessor == Scene.counselor.staff)
        let written = String(decoding: try JSONEncoder().encode(summary), as: UTF8.self)
        #expect(!written.contains("answers"))
        #expect(!written.contains("alerts"))
    }

    @Test("tells the evaluation who came, whether an absence counts, and not why")
    func attendance() throws {
        let citra = Scene.id(3) as ParticipantID
        var session = try Scene.session(1, Scene.plan(of: [Scene.ani, Scene.budi, citra]))
        session.status = .held
        session.closedAt = Scene.moment.now
        session.attendance =
            Scene.present(Scene.ani)
            + [Scene.absent(Scene.budi, .isolation), Scene.absent(citra, .refused)]
        session.medical = MedicalDetail(findings: "rahasia")
        let summary = Projections.attendance(session, zone: .wib)
        #expect(summary.day == Scene.day(100))
        #expect(summary.domain == .social)
        #expect(summary.lines.map(\.presence.known) == [.present, .excused, .countsAgainst])
        let written = String(decoding: try JSONEncoder().encode(summary), as: UTF8.self)
        for word in ["isolation", "refused", "rahasia"] { #expect(!written.contains(word)) }
    }

    @Test("writes the dossier's lines in order, without a word of what was said or given")
    func timeline() throws {
        var session = try Scene.session(1, Scene.plan(.examination, of: [Scene.ani]))
        session.status = .held
        session.attendance = [Scene.absent(Scene.ani, .illness)]
        session.medical = MedicalDetail(findings: "rahasia")
        let note = Note(
            id: Scene.id(2), participant: Scene.ani, session: nil, kind: .counseling,
            author: Scene.counselor, at: Scene.at(100, hour: 8), writtenAt: Scene.at(100),
            firstText: "rahasia")
        let alert = Alert(
            id: Scene.id(3), participant: Scene.ani, kind: .safety, raisedAt: Scene.at(99),
            administration: nil, raisedBy: Scene.counselor, reason: "rahasia")
        let goal = Plan.Goal(
            text: "rahasia", targetDay: Scene.day(200), responsible: Scene.counselor.staff)
        let plan = Plan(
            assessment: Scene.id(4), participant: Scene.ani, revision: 1, goals: [goal],
            services: ["rahasia"], setBy: Scene.counselor, setAt: Scene.at(98))
        let first = try administration(.phq9, ["1": 1])
        let test = UrineTest(
            id: Scene.id(5), participant: Scene.ani, day: Scene.day(90), occasion: .start,
            purpose: .security, status: .missed, panel: [], observer: nil,
            recordedBy: Scene.counselor, recordedAt: Scene.at(90))
        let records = ParticipantRecords(
            administrations: [first], plans: [plan], sessions: [session], notes: [note],
            urineTests: [test], alerts: [alert])

        let lines = Timeline.lines(of: Scene.ani, from: records, zone: .wib)
        #expect(
            lines.map { "\($0.day.days(since: Scene.firstDay)) \($0.title)" } == [
                "90 phq-9, screening", "98 plan, revision 1, goals: 1", "99 safety, open",
                "100 note: counseling", "100 examination, absent: illness",
            ])
        #expect(lines.allSatisfy { !$0.title.contains("rahasia") })
        #expect(Timeline.lines(of: Scene.budi, from: records, zone: .wib).isEmpty)
    }
}
