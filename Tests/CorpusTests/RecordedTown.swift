import ClinicalServer
import EvaluationServer
import Foundation
import Logging
import RPC
import RegistryServer
import Shared
import TestKit

@testable import Gateway
@testable import Hosting

/// The three services in this process, whose clock stands still and whose calls are recorded.
///
/// They hear of each other only when told to, so that every run makes the same messages.
struct RecordedTown {
    /// The last day of the sample program, and what the services take for today.
    static let today = Day(number: 20_634)
    static let now = Timestamp.onDay(today, hour: 20)

    let recorder = CallRecorder()
    private let directory: TemporaryDirectory
    private let services: [ServiceName: Running]

    private struct Running {
        let store: Store
        let router: Router
        let subscriptions: [FeedSubscription]
    }

    init() throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        services = [
            .registry: try Self.start(RegistryService.self, in: directory),
            .clinical: try Self.start(ClinicalService.self, in: directory),
            .evaluation: try Self.start(EvaluationService.self, in: directory),
        ]
    }

    private static func start<Service: HostedService>(
        _ type: Service.Type, in directory: TemporaryDirectory
    ) throws -> Running {
        let logger = Logger(label: "corpus") { _ in SwiftLogNoOpLogHandler() }
        let store = try Store(
            StoreConfiguration(
                directory: directory.path, name: Service.name.rawValue,
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: Service.schema, logger: logger)
        let service = Service(store: store)
        let router = try service.router(
            store: store, startedAt: now, version: Release.version, logger: logger, now: { now })
        return Running(store: store, router: router, subscriptions: service.subscriptions)
    }

    func close() {
        for service in services.values { service.store.close() }
    }

    /// What answers a service's calls, for whoever lets them come another way.
    func handler(of service: ServiceName) throws -> some CallHandler {
        try running(service).router
    }

    /// What lies on the disk now, file by file.
    var stored: [Data] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: directory.path).compactMap {
                FileManager.default.contents(atPath: "\(directory.path)/\($0)")
            }
        }
    }

    // MARK: - Calling

    private func running(_ name: ServiceName) throws -> Running {
        guard let service = services[name] else {
            throw CorpusProblem(description: "\(name) does not run")
        }
        return service
    }

    private func caller(of service: ServiceName, as identity: Identity) throws -> Caller {
        let name =
            switch identity {
            case .person(let person): person.role.rawValue
            case .service(let service): service.name.rawValue
            }
        return Caller(
            RecordingTransport(
                base: InMemoryTransport(try running(service).router, as: identity),
                recorder: recorder, caller: name), purpose: identity.usualPurpose
        ) { .random(at: Self.now) }
    }

    /// Makes a call as a colleague of the sample, at the service whose name it begins with.
    @discardableResult
    func call<Method: RPCMethod>(
        _ request: Method, as colleague: SampleColleague
    ) async throws -> Method.Reply {
        let prefix = Method.name.text.prefix { $0 != "." }
        return try await call(
            request, at: ServiceName(rawValue: String(prefix)) ?? .registry, as: colleague)
    }

    /// Makes a call at a service, which for the one method that all have must be named.
    @discardableResult
    func call<Method: RPCMethod>(
        _ request: Method, at service: ServiceName, as colleague: SampleColleague
    ) async throws -> Method.Reply {
        let identity = Identity.person(
            PersonIdentity(
                domain: TestCertificates.domain, affiliation: colleague.affiliation,
                role: colleague.role, code: colleague.code))
        do {
            return try await caller(of: service, as: identity).call(request)
        } catch let error as CallError<Method.Refusal> {
            throw CorpusProblem(description: "\(Method.name): \(error.failure.message)")
        }
    }

    /// Has one service tell another its head, then one that does not fit, and asks about both.
    func witness(_ service: ServiceName, by witness: ServiceName) async throws {
        let depositor = try caller(
            of: witness,
            as: .service(ServiceIdentity(domain: TestCertificates.domain, name: service)))
        var before: HeadMark?
        for (position, byte) in [(3, 3), (5, 5), (4, 4)] as [(Int64, UInt8)] {
            let head = HeadMark(position: position, mac: [UInt8](repeating: byte, count: 32))
            let ticket = try await depositor.call(AskWitness()).ticket ?? 0
            _ = try await depositor.call(
                DepositHead(
                    head: head, anchor: position == 5 ? before : nil, ticket: ticket,
                    acceptsRestored: position == 3 ? false : nil))
            before = head
        }
    }

    /// Puts a record into the store of a service that finds it by itself, not by a call.
    func keep(_ record: some StoredRecord, at service: ServiceName) async throws {
        _ = try await running(service).store.write { transaction in
            try transaction.put(record, verb: "noted", by: "corpus", at: Self.now)
        }
    }

    // MARK: - Following

    /// Brings every service what the others have recorded since.
    func spreadTheWord() async throws {
        for name in ServiceName.allCases {
            let follower = try running(name)
            for subscription in follower.subscriptions {
                try await follow(subscription, into: follower.store, as: name)
            }
        }
    }

    /// Applies an item as a follower does that has heard it.
    func hear(_ item: FeedItem, from peer: ServiceName, as follower: ServiceName) async throws {
        let follower = try running(follower)
        for subscription in follower.subscriptions where subscription.peer == peer {
            _ = try await follower.store.write { try subscription.apply(item, $0) }
        }
    }

    private func follow(
        _ subscription: FeedSubscription, into store: Store, as follower: ServiceName
    ) async throws {
        let peer = subscription.peer
        let end = try running(peer).store.position
        let applied = try await store.read { try $0.feedState(peer.rawValue).position }
        guard applied < end else { return }
        let identity = Identity.service(
            ServiceIdentity(domain: TestCertificates.domain, name: follower))
        var items: [FeedItem] = []
        let stream = try await subscription.open(caller(of: peer, as: identity), applied)
        for try await item in stream {
            items.append(item)
            if item.position == end { break }
        }
        let entries = items.filter { $0.position > applied }
        _ = try await store.write { transaction in
            for item in entries {
                try subscription.apply(item, transaction)
                try transaction.setFeed(
                    peer.rawValue, position: item.position, entryAt: item.at, heardAt: Self.now)
            }
        }
    }
}
