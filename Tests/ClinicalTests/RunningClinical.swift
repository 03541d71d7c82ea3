import CBOR
import ClinicalAPI
import ClinicalRules
import ClinicalServer
import Hosting
import Logging
import NIOCore
import RPC
import RegistryAPI
import Storage
import Synchronization
import TestKit
import Vocabulary

/// A clinical service on a store of its own, called as over the wire, at a time that a test sets.
///
/// It begins at ``Scene/moment``, and knows nobody before ``prepare()``.
final class RunningClinical: Sendable {
    let service: ClinicalService
    let store: Store
    let directory: TemporaryDirectory
    let clock: Clock
    private let router: Router

    final class Clock: Sendable {
        private let time = Mutex(Scene.moment.now)

        var now: Timestamp { time.withLock { $0 } }

        func go(to time: Timestamp) { self.time.withLock { $0 = time } }
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Opens the store in a directory; in the same one again it finds what was there.
    ///
    /// `queueLimit`: writes that may wait; with 0 the store takes none.
    init(
        in directory: TemporaryDirectory? = nil, queueLimit: Int = 4096,
        bounds: AccessBounds = .unbounded
    ) throws {
        let directory = try directory ?? TemporaryDirectory()
        let store = try Store(
            StoreConfiguration(
                directory: directory.path, name: "clinical",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32), queueLimit: queueLimit),
            schema: ClinicalService.schema, logger: Self.logger)
        let clock = Clock()
        service = ClinicalService(store: store, bounds: bounds)
        router = try service.router(
            store: store, startedAt: clock.now, version: "test", logger: Self.logger,
            now: { clock.now })
        self.store = store
        self.directory = directory
        self.clock = clock
    }

    deinit { store.close() }

    // MARK: Calling

    func caller(as identity: Identity) -> Caller {
        Caller(InMemoryTransport(router, as: identity), purpose: identity.usualPurpose) {
            .random(at: Scene.moment.now)
        }
    }

    func caller(as signatory: Signatory) -> Caller { caller(as: Self.identity(of: signatory)) }

    /// The same with a purpose, or none, instead of the role's usual one.
    func caller(as signatory: Signatory, for purpose: PurposeOfUse?) -> Caller {
        Caller(
            InMemoryTransport(router, as: Self.identity(of: signatory)), purpose: purpose
        ) { .random(at: Scene.moment.now) }
    }

    private static func identity(of signatory: Signatory) -> Identity {
        .person(
            PersonIdentity(
                domain: "pulih.test", affiliation: signatory.staff.affiliation,
                role: signatory.role, code: signatory.staff.code))
    }

    func caller(as service: ServiceName) -> Caller {
        caller(as: .service(ServiceIdentity(domain: "pulih.test", name: service)))
    }

    /// Makes a call; without somebody named, as the counselor.
    @discardableResult
    func call<M: RPCMethod>(
        _ request: M, as signatory: Signatory = Scene.counselor
    ) async throws -> M.Reply {
        try await caller(as: signatory).call(request)
    }

    /// Why a call fails; nil where it succeeds.
    func failure<M: RPCMethod>(
        _ request: M, as signatory: Signatory = Scene.counselor
    ) async -> RPCFailure? {
        do throws(CallError<M.Refusal>) {
            _ = try await caller(as: signatory).call(request)
            return nil
        } catch {
            return error.failure
        }
    }

    /// The rule that refuses a call; nil where it succeeds or something else is wrong.
    func refusal<M: RPCMethod>(
        _ request: M, as signatory: Signatory = Scene.counselor
    ) async -> M.Refusal? {
        await failure(request, as: signatory)?.rule.flatMap(M.Refusal.init)
    }

    /// Everything that a follower gets up to the journal's end.
    func feed(to follower: ServiceName, after start: Int64 = 0) async throws -> [FeedItem] {
        let end = store.position
        var items: [FeedItem] = []
        guard start < end else { return items }
        let caller = caller(as: follower)
        for try await item in try await caller.stream(FollowClinical(after: start)) {
            // The entry that the follower has is repeated first, without its content.
            if item.position == start { continue }
            items.append(item)
            if item.position == end { break }
        }
        return items
    }

    /// The journal without the notes of who read what.
    func events() async throws -> [JournalEntry] {
        try await store.entries(after: 0, limit: 1000).filter { $0.noun != "access" }
    }

    // MARK: What the registry tells

    /// Applies a record as the registry's feed brings it.
    func hear(_ noun: RegistryFeedNoun, _ body: some Encodable & Sendable) async throws {
        let item = try Self.item(1, noun, body)
        _ = try await store.write { try RegistryCopies.apply(item, to: $0, RevocationBook()) }
    }

    static func item(
        _ position: Int64, _ noun: RegistryFeedNoun, _ body: some Encodable
    ) throws -> FeedItem {
        FeedItem(
            position: position, at: Scene.moment.now, noun: noun.rawValue,
            body: Array(try CBOREncoder().encode(body).readableBytesView))
    }

    /// Ani and Budi, held in Kraksaan and enrolled since the first day.
    func prepare() async throws {
        try await hear(.facility, Self.facility())
        for person in [Scene.ani, Scene.budi] {
            try await hear(.participant, Self.participant(person))
            try await hear(.enrollment, Self.enrollment(of: person))
            try await hear(.consent, Self.consent(of: person))
        }
    }

    /// To treatment, in everything.
    static func consent(
        of participant: ParticipantID,
        to scope: [Section] = [.program, .clinical, .counseling], withdrawn: [Section] = []
    ) -> ConsentSummary {
        ConsentSummary(
            id: Identifier(participant.uuid), participant: participant, kind: .treatment,
            scope: scope, withdrawn: withdrawn, purpose: "rehabilitation", recipients: [],
            signedOn: Scene.day(0), expiresOn: nil, endsWith: nil,
            revokedOn: withdrawn.isEmpty ? nil : Scene.day(90))
    }

    static func facility(
        _ number: UInt64 = 1, _ code: String = "rutan-kraksaan", _ zone: Zone = .wib
    ) -> Facility {
        Facility(id: Scene.id(number), code: code, name: code, zone: zone)
    }

    static func participant(
        _ id: ParticipantID, at facilityCode: String = "rutan-kraksaan",
        mergedInto: ParticipantID? = nil, status: LegalStatus = .convict,
        verdicts: [VerdictPeriod]? = nil
    ) -> ParticipantSummary {
        ParticipantSummary(
            id: id, facilityCode: facilityCode, sex: .female, birthYear: 1990,
            legalStatus: status, pseudonym: "P-00000001", releasedOn: nil, releases: [],
            diedOn: nil, mergedInto: mergedInto, historical: false, verdicts: verdicts)
    }

    static func enrollment(
        of participant: ParticipantID, _ status: Enrollment.Status = .active,
        holds: [Hold] = [], exitedOn: Day? = nil
    ) -> EnrollmentSummary {
        EnrollmentSummary(
            id: Identifier(participant.uuid), participant: participant, program: Scene.id(200),
            cohort: "2026-1", status: status, stage: "primary", stageFrom: Scene.day(0),
            holds: holds, openedOn: Scene.day(0), plannedEnd: Scene.day(180),
            exitClass: exitedOn == nil ? nil : .completed, exitedOn: exitedOn,
            historical: false)
    }
}
