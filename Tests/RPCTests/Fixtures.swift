import Logging
import NIOCore
import RPC
import Synchronization
import Vocabulary

/// A method that does what a test tells its handler to do.
struct Ask: RPCMethod {
    static let name: MethodName = "test.thing.ask"
    static let access = Access(roles: [.counselor], services: [.clinical])
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly

    var text = ""

    struct Reply: Codable, Equatable {
        var text = ""
    }

    enum Refusal: String, RPCRefusal {
        case closed = "thing-closed"
        case full = "thing-full"

        var explanation: String { self == .closed ? "the thing is closed" : "the thing is full" }
        var status: StatusCode { self == .closed ? .failedPrecondition : .resourceExhausted }
    }
}

/// A write that carries a key.
struct Write: RPCMethod {
    static let name: MethodName = "test.thing.write"
    static let access = Access.staff(.counselor)
    static let section = Section.operational
    static let repeatability = Repeatability.keyed

    struct Reply: Codable {}
}

/// Any number of replies.
struct Follow: RPCStream {
    static let name: MethodName = "test.thing.follow"
    static let access = Access.staff(.counselor)
    static let section = Section.operational
    static let repeatability = Repeatability.readOnly

    struct Element: Codable, Equatable {
        var number: Int
    }
}

enum Who {
    static func person(_ role: Role) -> Identity {
        .person(
            PersonIdentity(
                domain: "pulih.test",
                affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"), role: role,
                code: "tester"))
    }

    static func service(_ name: ServiceName) -> Identity {
        .service(ServiceIdentity(domain: "pulih.test", name: name))
    }
}

let counselor = Who.person(.counselor)

/// Something that was noted once, and can be waited for.
final class Signal: Sendable {
    private struct State {
        var isSet = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func set() {
        let waiters = state.withLock { state in
            state.isSet = true
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    var isSet: Bool { state.withLock { $0.isSet } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isSet = state.withLock { state in
                if !state.isSet { state.waiters.append(continuation) }
                return state.isSet
            }
            if isSet { continuation.resume() }
        }
    }

    /// Sleeps until the task is cancelled, and sets the signal then.
    func setWhenCancelled() async throws {
        do {
            try await Task.sleep(for: .seconds(50))
        } catch {
            set()
            throw error
        }
    }
}

/// Answers by a script, and remembers the calls.
final class Scripted: Transport {
    private let answers: Mutex<[Result<InboundReply, RPCFailure>]>
    private let seen = Mutex<[OutboundCall]>([])

    init(_ answers: [Result<InboundReply, RPCFailure>]) { self.answers = Mutex(answers) }

    var calls: [OutboundCall] { seen.withLock { $0 } }

    func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
        seen.withLock { $0.append(call) }
        let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let answer else { throw RPCFailure(.internal, "the script has ended") }
        return try answer.get()
    }

    func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
        seen.withLock { $0.append(call) }
        throw RPCFailure(.unavailable, "no streams here")
    }
}

func router(
    _ declared: [any RPCDeclaration.Type], _ handlers: [Handler]
) throws -> Router {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try Router(
        declared: declared, handlers: handlers, logger: logger,
        now: { Timestamp(microseconds: 1_000_000) })
}

func caller(
    _ transport: any Transport, retries: RetryPolicy = .none
) -> Caller {
    Caller(transport, retries: retries) { .random(at: Timestamp(microseconds: 0)) }
}

/// A caller of a service with one handler for ``Ask``.
func asking(
    as identity: Identity = counselor,
    _ body: @escaping @Sendable (Ask, CallContext) async throws -> Ask.Reply
) throws -> Caller {
    caller(InMemoryTransport(try router([Ask.self], [.unary(Ask.self, body)]), as: identity))
}
