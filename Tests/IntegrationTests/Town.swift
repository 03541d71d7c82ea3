import Foundation
import RPC
import RegistryAPI
import TestKit
import Vocabulary

/// The three services as processes, with the master data of one program, and callers in any role.
///
/// Days count from today by the clock of western Indonesia, because the services look at theirs.
final class Town {
    static let rutan = Affiliation(kind: .facility, code: "rutan-kraksaan")
    static let board = Affiliation(kind: .institution, code: "bnnk-pasuruan")

    let cluster: Cluster
    private(set) var services: [ServiceName: RunningService] = [:]
    private var callers: [CallerName: Caller] = [:]
    let today: Day

    private struct CallerName: Hashable {
        let role: Role
        let code: String
        let service: ServiceName
    }

    /// Starts the three services on the loopback, without any data.
    convenience init() async throws { try await self.init(at: Loopback()) }

    init(at site: some Site) async throws {
        cluster = try Cluster(at: site)
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        today = now.day(in: .wib)
        for name in ServiceName.allCases { try await start(name) }
    }

    /// `settings`: more of them, as `KEY=VALUE`.
    func start(_ name: ServiceName, settings: [String] = []) async throws {
        services[name] = try await cluster.start(name, settings: settings)
        callers = callers.filter { $0.key.service != name }
    }

    /// Ends a service as a power cut would.
    func kill(_ name: ServiceName) { services[name]?.kill() }

    /// Asks a service to stop, and returns its exit code.
    func stop(_ name: ServiceName) -> Int32? { services[name]?.stop() }

    /// A day so many days from today; negative for one that has passed.
    func day(_ offset: Int) -> Day { today.adding(days: offset) }

    /// Makes a call as a member of staff, at the service that the method belongs to.
    func call<M: RPCMethod>(
        _ request: M, as role: Role, code: String = "tester"
    ) async throws -> M.Reply {
        try await caller(role, code, for: M.name).call(request)
    }

    /// The rule that refuses a call; nil where it succeeds or something else is wrong.
    func refusal<M: RPCMethod>(
        _ request: M, as role: Role, code: String = "tester"
    ) async throws -> M.Refusal? {
        do {
            _ = try await call(request, as: role, code: code)
            return nil
        } catch let error as CallError<M.Refusal> {
            return error.reason
        }
    }

    /// Makes a call again until its reply fits, because what it shows comes by a feed.
    ///
    /// - Throws: ``ClusterProblem`` where it does not within 20 seconds.
    func eventually<M: RPCMethod>(
        _ request: M, as role: Role, _ fits: (M.Reply) -> Bool
    ) async throws -> M.Reply {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while true {
            let reply = try await call(request, as: role)
            if fits(reply) { return reply }
            guard ContinuousClock.now < deadline else {
                throw ClusterProblem(description: "\(M.name) never showed what was expected")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Makes a call again while one of these rules refuses it, or whom it names is not known,
    /// because what the call asks for comes by a feed.
    func onceHeard<M: RPCMethod>(
        _ request: M, as role: Role, despite refusals: Set<M.Refusal>
    ) async throws -> M.Reply {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while true {
            do {
                return try await call(request, as: role)
            } catch let error as CallError<M.Refusal> {
                let isAwaited =
                    error.reason.map(refusals.contains) ?? (error.failure.rule == "out-of-reach")
                guard isAwaited, ContinuousClock.now < deadline else { throw error }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func caller(
        _ role: Role, _ code: String, for method: MethodName
    ) throws -> Caller {
        guard let prefix = method.text.split(separator: ".").first,
            let name = ServiceName(rawValue: String(prefix)), let service = services[name]
        else { throw ClusterProblem(description: "\(method) belongs to no running service") }
        let key = CallerName(role: role, code: code, service: name)
        if let known = callers[key] { return known }
        let new = try cluster.caller(role, code: code, of: service)
        callers[key] = new
        return new
    }
}

/// A new identifier, as a gateway makes it.
func fresh<Kind>() -> Identifier<Kind> {
    .random(at: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)))
}
