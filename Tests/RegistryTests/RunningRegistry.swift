import Hosting
import Logging
import RPC
import RegistryAPI
import RegistryServer
import Storage
import Synchronization
import TestKit
import Vocabulary

/// A registry on a store of its own, called as over the wire, at a time that a test sets.
final class RunningRegistry: Sendable {
    let store: Store
    private let directory: TemporaryDirectory
    private let router: Router
    private let clock: Clock

    private final class Clock: Sendable {
        let now = Mutex(Timestamp(microseconds: 0))
    }

    init(on today: Day = Example.today) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let directory = try TemporaryDirectory()
        let store = try Store(
            StoreConfiguration(
                directory: directory.path, name: "registry",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: RegistryService.schema, logger: logger)
        let clock = Clock()
        router = try RegistryService(store: store).router(
            store: store, startedAt: Timestamp(microseconds: 0), version: "test", logger: logger,
            now: { clock.now.withLock { $0 } })
        self.store = store
        self.directory = directory
        self.clock = clock
        go(to: today)
    }

    deinit { store.close() }

    /// Noon in western Indonesia on a day.
    func go(to day: Day) {
        clock.now.withLock {
            $0 = Timestamp(microseconds: (Int64(day.number) * 24 + 5) * 3_600_000_000)
        }
    }

    func caller(as role: Role, at facilityCode: String = Example.rutan) -> Caller {
        caller(
            as: .person(
                PersonIdentity(
                    domain: "pulih.test",
                    affiliation: Affiliation(kind: .facility, code: facilityCode), role: role,
                    code: "s1")))
    }

    func caller(as service: ServiceName) -> Caller {
        caller(as: .service(ServiceIdentity(domain: "pulih.test", name: service)))
    }

    private func caller(as identity: Identity) -> Caller {
        Caller(InMemoryTransport(router, as: identity), purpose: identity.usualPurpose) {
            .random(at: Timestamp(microseconds: 0))
        }
    }

    /// Makes a call in a role.
    func call<M: RPCMethod>(
        _ request: M, as role: Role, at facilityCode: String = Example.rutan
    ) async throws -> M.Reply {
        try await caller(as: role, at: facilityCode).call(request)
    }

    /// The rule that refuses a call; nil where it succeeds or something else is wrong.
    func refusal<M: RPCMethod>(_ request: M, as role: Role) async -> M.Refusal? {
        do throws(CallError<M.Refusal>) {
            _ = try await caller(as: role).call(request)
            return nil
        } catch {
            return error.reason
        }
    }

    /// The status with which a call fails; nil where it succeeds.
    func status<M: RPCMethod>(_ request: M, as role: Role) async -> StatusCode? {
        do throws(CallError<M.Refusal>) {
            _ = try await caller(as: role).call(request)
            return nil
        } catch {
            return error.failure.code
        }
    }

    /// Facility, institution, agreement, program and staff, as in ``Example``.
    func prepare(_ rules: EntryRules = EntryRules()) async throws {
        for (number, code) in zip(UInt64(10)..., Example.facilities.sorted()) {
            let facility = Facility(id: id(number), code: code, name: code, zone: .wib)
            _ = try await call(AddFacility(facility: facility), as: .administrator)
        }
        let board = Institution(
            id: id(20), code: Example.board, name: "BNNK Pasuruan", kind: .narcoticsBoard)
        _ = try await call(AddInstitution(institution: board), as: .administrator)
        _ = try await call(SignAgreement(agreement: Example.agreement), as: .facilityHead)
        _ = try await call(DefineProgram(program: Example.program(rules)), as: .programManager)
        for member in Example.team + [Example.staff(504, .facilityHead)] {
            _ = try await call(AddStaff(member: member), as: .administrator)
        }
    }

    /// What the call that registers ``Example/participant(_:)`` says, as a convict since 2025.
    static func registration(
        _ number: UInt64 = 1, name: String = "Budi Santoso", birth: String = "1990-05-04",
        fingerprint: String? = nil
    ) -> RegisterParticipant {
        let example = Example.participant(number)
        return RegisterParticipant(
            id: example.id,
            identity: Example.identity(name: name, birth: birth, fingerprint: fingerprint),
            facilityCode: Example.rutan,
            register: RegisterEntry(
                number: RegisterNumber(book: .b1, number: "12/2025"), from: day("2025-09-01")),
            caseArticles: example.legal.caseArticles, sentenceMonths: 24,
            releaseDates: example.legal.releaseDates)
    }

    /// Everything that ``Example/opening(_:openedOn:decree:cohort:)`` asks for, but the
    /// screening and the urine test.
    func admit() async throws {
        _ = try await call(Self.registration(), as: .registrar)
        _ = try await call(
            PlaceParticipant(participant: id(1), block: "R", from: day("2025-09-02")),
            as: .security)
        _ = try await call(RecordConsent(consent: Example.consent()), as: .counselor)
        _ = try await call(RecordDecision(decision: Example.decision), as: .physician)
        _ = try await call(IssueDecree(decree: Example.decree), as: .facilityHead)
    }

    /// Stores what the clinical service's feed would have told.
    func screen(_ band: String = "moderate", on text: String = "2026-02-05") async throws {
        let day = day(text)
        _ = try await store.write { transaction in
            try transaction.putCopy(
                ScreeningCopy(
                    administration: id(800), participant: id(1), day: day, highestDrugBand: band,
                    replaces: nil))
            try transaction.putCopy(UrineTestCopy(id: id(801), participant: id(1), day: day))
        }
    }
}
