import CBOR
import ClinicalAPI
import EvaluationAPI
import EvaluationServer
import Hosting
import Logging
import NIOCore
import RPC
import RegistryAPI
import Storage
import TestKit
import Vocabulary

/// The evaluation service on a store of its own, called in memory.
struct TestService {
    let evaluation: EvaluationService
    private let directory: TemporaryDirectory
    private let store: Store
    private let router: Router
    /// Noon of the day on which the tests take place.
    static let now = Timestamp(microseconds: (Int64(today.number) * 86_400 + 18_000) * 1_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        store = try Store(
            StoreConfiguration(
                directory: directory.path, name: "evaluation",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: EvaluationService.schema, logger: logger)
        evaluation = EvaluationService(store: store)
        router = try evaluation.router(
            store: store, startedAt: Self.now, version: "test", logger: logger, now: { Self.now })
    }

    func caller(_ person: PersonIdentity) -> Caller {
        Caller(
            InMemoryTransport(router, as: .person(person)), purpose: person.role.usualPurpose
        ) { .random(at: Self.now) }
    }

    /// Applies a record as the registry's feed brings it.
    func hear(
        _ noun: RegistryFeedNoun, _ body: some Encodable & Sendable, at position: Int64 = 1
    ) async throws {
        let bytes = Array(try CBOREncoder().encode(body).readableBytesView)
        _ = try await store.write { transaction in
            try RegistryCopies.apply(
                FeedItem(
                    position: position, at: Self.now, noun: noun.rawValue, body: bytes),
                to: transaction, RevocationBook())
            try transaction.setFeed("registry", position: position, heardAt: Self.now)
        }
    }

    /// Applies a record as the clinical service's feed brings it.
    func hear(
        _ noun: ClinicalNoun, _ body: some Encodable & Sendable, at position: Int64 = 1
    ) async throws {
        let bytes = Array(try CBOREncoder().encode(body).readableBytesView)
        try await hear(
            clinical: FeedItem(position: position, at: Self.now, noun: noun.rawValue, body: bytes))
    }

    /// Applies an item of the clinical service's feed; one without a body is not for this follower.
    func hear(clinical item: FeedItem) async throws {
        _ = try await store.write { transaction in
            try ClinicalCopies.apply(item, to: transaction)
            try transaction.setFeed("clinical", position: item.position, heardAt: Self.now)
        }
    }

    /// Empties the tables and makes them again from the journal, as an operator would.
    func rebuild() async throws { try await store.rebuild() }

    /// A participant of the facility, of whom nothing else is known.
    func hearOf(_ participant: ParticipantID) async throws {
        try await hear(
            .participant,
            ParticipantSummary(
                id: participant, facilityCode: facility.code, sex: .male, birthYear: 1990,
                legalStatus: nil, pseudonym: "P-00000001", releasedOn: nil, releases: [],
                diedOn: nil, mergedInto: nil, historical: true))
    }

    /// One participant in a program of six months, with everything it stands on.
    func hearOfStay(
        _ number: Int = 1, admitted: Day, exit: (ExitClass, Day)? = nil, releasedOn: Day? = nil,
        mergedInto: Int? = nil
    ) async throws {
        try await hear(
            .facility,
            Facility(id: id(1), code: facility.code, name: "Rutan Kraksaan", zone: .wib))
        try await hear(
            .agreement,
            Agreement(
                id: id(1), number: "1", facilityCode: facility.code,
                institutionCodes: [board.code], validFrom: day(-900), validUntil: day(900),
                scope: "rehabilitation"))
        try await hear(
            .program,
            Program(
                id: id(1), agreement: id(1), code: "sosial-6", name: "Sosial",
                kind: .social, lengthDays: 180, phases: [], capacity: 20,
                evaluationCalendar: [
                    EvaluationPoint(
                        code: "M3", after: 3, unit: .month, instruments: [], urine: true)
                ], entryRules: EntryRules()))
        try await hear(
            .participant,
            ParticipantSummary(
                id: id(number), facilityCode: facility.code, sex: .male, birthYear: 1990,
                legalStatus: nil, pseudonym: "P-00000001", releasedOn: releasedOn,
                releases: releasedOn.map { [Release(day: $0, kind: .sentenceServed)] } ?? [],
                diedOn: nil, mergedInto: mergedInto.map { id($0) }, historical: false))
        try await hear(
            .enrollment,
            EnrollmentSummary(
                id: id(number), participant: id(number), program: id(1), cohort: "2026-1",
                status: exit == nil ? .active : .exited, stage: nil, stageFrom: nil, holds: [],
                openedOn: admitted, plannedEnd: admitted.adding(days: 180), exitClass: exit?.0,
                exitedOn: exit?.1, historical: false))
    }
}
