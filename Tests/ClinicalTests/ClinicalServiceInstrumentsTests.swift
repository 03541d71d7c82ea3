import ClinicalAPI
import ClinicalRules
import ClinicalServer
import Instruments
import RPC
import Storage
import Testing
import Vocabulary

@Suite("Questionnaires over the wire", .timeLimit(.minutes(1)))
struct ClinicalServiceInstrumentsTests {
    private let clinical: RunningClinical

    init() async throws {
        clinical = try RunningClinical()
        try await clinical.prepare()
    }

    /// Methamphetamine every day and injected, nothing else ever.
    private static var assist: [String: Int] {
        var answers: [String: Int] = ["8": 2]
        for substance in ASSIST.Substance.allCases { answers["1/\(substance.rawValue)"] = 0 }
        let given = [(1, 3), (2, 6), (3, 6), (4, 7), (5, 8), (6, 6), (7, 6)]
        for (question, answer) in given { answers["\(question)/e"] = answer }
        return answers
    }

    private static let nine = Dictionary(uniqueKeysWithValues: (1...9).map { ("\($0)", 1) })

    @Test(
        "are scored, kept with their answers, and listed",
        arguments: [
            (InstrumentCode.assist, assist, ASSIST.Substance.stimulants.scale, 39, "high"),
            (.dast10, Requests.answers(.dast10, all: 1), DAST10.totalScale, 9, "severe"),
            (.urica32, Requests.answers(.urica32, all: 3), URICA.readinessScale, 6, "-"),
            (
                .whoqolBref, Requests.answers(.whoqolBref, all: 3),
                WHOQOLBREF.Domain.social.scale, 50, "-"
            ),
            (.phq9, nine, PHQ9.totalScale, 9, "mild"),
        ])
    func scored(
        code: InstrumentCode, answers: [String: Int], scale: String, value: Double, band: String
    ) async throws {
        let call = Requests.administer(1, answers, on: code)
        let stored = try await clinical.call(call)
        #expect(stored.sheet[scale]?.value == value)
        #expect(stored.sheet[scale]?.status == .complete)
        #expect(stored.sheet[scale]?.band ?? "-" == band)
        #expect(stored.answers == Answers(answers))
        #expect(stored.recordedBy == Scene.counselor)
        #expect(stored.assessor == Scene.colleague.staff)
        #expect(try await clinical.call(GetAdministration(administration: stored.id)) == stored)
        let listed = try await clinical.call(
            ListAdministrations(participant: Scene.ani, instrument: code))
        #expect(listed.administrations == [stored])
        let others = try await clinical.call(ListAdministrations(participant: Scene.budi))
        #expect(others.administrations.isEmpty)
    }

    @Test("raise an alert that is stored with them: suicide risk at item 9, whatever the total")
    func suicideRisk() async throws {
        let stored = try await clinical.call(Requests.administer(1, ["9": 1]))
        let alerts = try await clinical.call(ListAlerts(participant: Scene.ani)).alerts
        let alert = try #require(alerts.first)
        #expect(alerts.count == 1)
        #expect(alert.kind == .suicideRisk)
        #expect(alert.administration == stored.id)
        #expect(alert.raisedAt == Scene.moment.now)
        // A version 7 UUID of the time of the call, which no caller chose.
        #expect(alert.id.description.hasPrefix("019"))
        #expect(alert.id.uuid != stored.id.uuid)
        let flags = try await clinical.call(
            ListSafetyFlags(), as: Scene.signatory("jaga-1", .security))
        #expect(flags.watch == [Scene.ani])
    }

    @Test("raise no watch for injecting, and none at all where nothing is wrong")
    func otherAlerts() async throws {
        try await clinical.call(Requests.administer(1, Self.assist, on: .assist))
        #expect(try await clinical.call(ListAlerts()).alerts.map(\.kind) == [.injectingRisk])
        #expect(try await clinical.call(ListSafetyFlags(), as: Scene.physician).watch.isEmpty)
        try await clinical.call(Requests.administer(2, ["9": 0], of: Scene.budi))
        #expect(try await clinical.call(ListAlerts()).alerts.count == 1)
    }

    @Test("store nothing, no alert either, where an answer cannot be")
    func wrong() async throws {
        let failure = await clinical.failure(Requests.administer(1, ["9": 1, "3": 7]))
        #expect(failure?.code == .invalidArgument)
        #expect(failure?.field == "answers.3")
        #expect(failure?.message.contains("7") == false)
        #expect(clinical.store.position == 0)
    }

    @Test("are corrected by later ones, which leaves both")
    func corrected() async throws {
        try await clinical.call(Requests.administer(1, ["9": 1]))
        let second = try await clinical.call(Requests.administer(2, ["9": 2], correcting: 1))
        let shown = try await clinical.call(ListAdministrations(participant: Scene.ani))
        #expect(shown.administrations == [second])
        let all = try await clinical.call(
            ListAdministrations(participant: Scene.ani, includingCorrected: true))
        #expect(all.administrations.count == 2)
        let again = Requests.administer(3, ["9": 3], correcting: 1)
        #expect(await clinical.refusal(again) == .alreadyCorrected)
        let another = Requests.administer(3, ["9": 3], of: Scene.budi, correcting: 2)
        #expect(await clinical.refusal(another) == .correctsAnother)
        let unknown = Requests.administer(3, ["9": 3], correcting: 8)
        #expect(await clinical.refusal(unknown) == .correctedUnknown)
        #expect(
            await clinical.refusal(Requests.administer(2, ["9": 3], of: Scene.budi)) == .idTaken)
    }

    @Test("are described by their items", arguments: InstrumentCode.allCases)
    func described(code: InstrumentCode) async throws {
        let form = try await clinical.call(DescribeInstrument(instrument: code))
        #expect(form.version == code.instrument.version)
        #expect(form.items == code.instrument.items)
    }
}
