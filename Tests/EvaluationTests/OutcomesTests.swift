import EvaluationAPI
import EvaluationRules
import Testing
import Vocabulary

@Suite("Recording what happened after release")
struct OutcomesTests {
    private let registrar = person("R1", as: .registrar)

    private func event(
        _ kind: OutcomeKind = .reArrest, day: Day? = day(-5), lastNegative: Day? = nil,
        firstPositive: Day? = nil, source: OutcomeSource = .register, reported: Day = day(-1),
        known: Day = day(-1), parole: Bool? = nil
    ) -> OutcomeEvent {
        OutcomeEvent(
            id: id(1), participant: id(1), kind: kind, day: day, lastNegativeOn: lastNegative,
            firstPositiveOn: firstPositive, source: source, reportedOn: reported,
            knownUntil: known, paroleRevoked: parole)
    }

    private func record(
        _ event: OutcomeEvent, by person: PersonIdentity? = nil, admitted: Day? = day(-100),
        standing: OutcomeEvent? = nil
    ) throws(RecordOutcome.Refusal) -> OutcomeEvent {
        try Outcomes.record(
            RecordOutcome(event: event), by: person ?? registrar, admittedOn: admitted,
            standing: standing, on: today)
    }

    @Test("takes an event on a day, and one in an interval")
    func takes() throws {
        #expect(try record(event()) == event())
        let interval = event(
            .relapse, day: nil, lastNegative: day(-20), firstPositive: day(-10),
            source: .contact)
        #expect(try record(interval, by: ofBoard).countedOn == day(-10))
        #expect(try record(event(.returnToCustody, parole: true)).paroleRevoked == true)
    }

    @Test("refuses contradictions and slips")
    func refusals() {
        typealias Refusal = RecordOutcome.Refusal
        let cases: [(OutcomeEvent, Refusal)] = [
            (event(day: nil), .dayMissing),
            (event(firstPositive: day(-5)), .dayAndInterval),
            (
                event(day: nil, lastNegative: day(-5), firstPositive: day(-5)),
                .intervalReversed
            ),
            (event(day: day(-101)), .beforeAdmission),
            (event(reported: day(1)), .inFuture),
            (event(known: day(-6)), .notKnownYet),
            (event(known: today), .notKnownYet),
            (event(.reArrest, parole: true), .paroleNotACrime),
            (event(source: .contact), .sourceNotYours),
        ]
        for (event, refusal) in cases {
            #expect(throws: refusal) { try record(event) }
        }
        #expect(throws: Refusal.participantUnknown) { try record(event(), admitted: nil) }
        #expect(throws: Refusal.sourceNotYours) { try record(event(), by: ofBoard) }
        #expect(throws: Refusal.idTaken) { try record(event(), standing: event(.death)) }
    }

    @Test("keeps two clocks that never run back")
    func clocks() {
        let start = FollowUp(participant: id(1))
        let read = Outcomes.moved(start, registerUntil: day(-3))
        #expect(Outcomes.moved(read, registerUntil: day(-9)) == read)
        #expect(read.contactUntil == nil)
        let met = Outcomes.moved(read, by: contact(on: day(-1)))
        #expect(met.registerUntil == day(-3))
        #expect(met.contactUntil == day(-1))
        #expect(Outcomes.moved(read, by: contact(on: day(-1), reached: false)) == read)
    }

    @Test("takes a contact after release, and no findings where nobody was reached")
    func contacts() throws {
        func call(
            on day: Day = day(-1), reached: Bool = true, urine: ContactUrine? = nil,
            last: Day? = nil, first: Day? = nil, source: ContactSource = .observed
        ) -> RecordContact {
            RecordContact(
                id: id(1), participant: id(1), day: day, mode: .visit, reached: reached,
                lastNegativeOn: last, firstPositiveOn: first, urine: urine, source: source)
        }
        func record(
            _ call: RecordContact, released: Day? = day(-30), standing: Contact? = nil
        ) throws(RecordContact.Refusal) -> Contact {
            let releases = released.map { [ReleaseFact(participant: id(1), day: $0)] } ?? []
            return try Aftercare.record(
                call, by: ofBoard, releases: releases, standing: standing, on: today)
        }
        let first = try record(call(urine: .negative))
        #expect(try record(call(urine: .negative), standing: first) == first)
        #expect(throws: RecordContact.Refusal.idTaken) { try record(call(), standing: first) }
        #expect(throws: RecordContact.Refusal.notReleased) { try record(call(), released: nil) }
        #expect(throws: RecordContact.Refusal.beforeRelease) { try record(call(on: day(-31))) }
        #expect(throws: RecordContact.Refusal.inFuture) { try record(call(on: day(1))) }
        #expect(throws: RecordContact.Refusal.notReached) {
            try record(call(reached: false, urine: .negative))
        }
        #expect(throws: RecordContact.Refusal.notReached) {
            try record(call(reached: false, first: day(-2)))
        }
        #expect(
            try !record(call(reached: false, first: day(-2), source: .family)).reached)
        #expect(throws: RecordContact.Refusal.intervalReversed) {
            try record(call(last: day(-2), first: day(-2)))
        }
        #expect(throws: RecordContact.Refusal.intervalAfterContact) {
            try record(call(first: today))
        }
    }

    @Test("imports rows once, and leaves a differing one alone")
    func imports() throws {
        func row(_ number: Int, until: Day = day(-1), social: Double = 50) -> CohortEntry {
            CohortEntry(
                participant: id(number), enrollment: id(number), cohort: "old",
                releasedOn: day(-300), followedUntil: until,
                baseline: DomainScores(social: social))
        }
        let first = CohortImport.decide([row(1), row(2), row(1)], standing: [:])
        #expect(first.results.map(\.verdict) == [.created, .created, .unchanged])
        #expect(first.store == [row(1), row(2)])
        let again = CohortImport.decide([row(1, until: day(-2))], standing: [id(1): row(1)])
        #expect(again.results.map(\.verdict) == [.conflict])
        #expect(again.results.first?.differing == ["followedUntil"])
        #expect(again.store.isEmpty)

        func check(_ rows: [CohortEntry]) throws(ImportCohortOutcomes.Refusal) {
            try CohortImport.check(ImportCohortOutcomes(rows: rows), on: today)
        }
        try check((1...200).map { row($0) })
        #expect(throws: ImportCohortOutcomes.Refusal.tooMany) {
            try check((1...201).map { row($0) })
        }
        #expect(throws: ImportCohortOutcomes.Refusal.followUpReversed) {
            try check([row(1, until: day(-301))])
        }
        #expect(throws: ImportCohortOutcomes.Refusal.inFuture) {
            try check([row(1, until: day(1))])
        }
        #expect(throws: ImportCohortOutcomes.Refusal.scoreOutOfRange) {
            try check([row(1, social: 101)])
        }
        #expect(throws: ImportCohortOutcomes.Refusal.scoreOutOfRange) {
            try check([row(1, social: .nan)])
        }
    }

    @Test("tells the dossier in order of the days, and nothing of what was found")
    func timeline() {
        let lines = Timeline.lines(
            evaluations: [draft()], releases: [ReleaseFact(participant: id(1), day: day(-30))],
            contacts: [contact(on: day(-20))], outcomes: [event()], imported: [])
        #expect(
            lines.map(\.kind.known) == [.release, .contact, .handoverDue, .outcome, .evaluation])
        #expect(!lines.contains { $0.text.contains("steady") })
    }
}
