import Logging
import NIOCore
import Synchronization
import TestKit
import Testing
import Vocabulary
import Wire

@testable import RPC

@Suite("Admission", .timeLimit(.minutes(1)))
struct AdmissionTests {
    /// A service in which handlers wait until they are let go, and its callers.
    private final class Hall: Sendable {
        let release = Signal()
        let running = Mutex(0)
        let most = Mutex(0)
        let admission: Admission
        private let router: Mutex<Router?> = Mutex(nil)

        init(_ change: (inout Admission.Limits) -> Void) throws {
            var limits = Admission.Limits()
            change(&limits)
            admission = Admission(limits)
            let router = try RPC.Router(
                declared: [Ask.self, Follow.self],
                handlers: [
                    .unary(Ask.self) { _, _ in
                        let now = self.running.withLock { running in
                            running += 1
                            return running
                        }
                        self.most.withLock { $0 = max($0, now) }
                        defer { self.running.withLock { $0 -= 1 } }
                        await self.release.wait()
                        return Ask.Reply()
                    },
                    .stream(Follow.self) { _, _, send in
                        try await send(Follow.Element(number: 1))
                        await self.release.wait()
                    },
                ],
                admission: admission,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Timestamp(microseconds: 1_000_000) })
            self.router.withLock { $0 = router }
        }

        func caller(_ code: String = "tester") throws -> Caller {
            let router = try #require(router.withLock { $0 })
            let identity = PersonIdentity(
                domain: "pulih.test",
                affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"),
                role: .counselor, code: code)
            return RPCTests.caller(InMemoryTransport(router, as: .person(identity)))
        }

        /// Waits until so many run and wait; the hall's calls make no other noise.
        func until(running: Int, waiting: Int) async {
            while admission.load.running != running || admission.load.waiting != waiting {
                await Task.yield()
            }
        }
    }

    @Test("lets so many run, makes the others wait, and loses none")
    func bounded() async throws {
        let hall = try Hall {
            $0.running = 4
            $0.runningPerCaller = 4
        }
        let caller = try hall.caller()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await caller.call(Ask()) } }
            await hall.until(running: 4, waiting: 16)
            hall.release.set()
            try await group.waitForAll()
        }
        #expect(hall.most.withLock { $0 } == 4)
        await hall.until(running: 0, waiting: 0)
    }

    @Test("keeps places for others from a caller who takes all it can")
    func shares() async throws {
        let hall = try Hall {
            $0.running = 8
            $0.runningPerCaller = 3
        }
        let greedy = try hall.caller("greedy")
        let modest = try hall.caller("modest")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { _ = try await greedy.call(Ask()) } }
            await hall.until(running: 3, waiting: 7)
            group.addTask { _ = try await modest.call(Ask()) }
            await hall.until(running: 4, waiting: 7)
            hall.release.set()
            try await group.waitForAll()
        }
    }

    @Test("refuses at once what is too much to wait, and names the limit and the value")
    func full() async throws {
        let hall = try Hall {
            $0.running = 1
            $0.waiting = 2
        }
        let caller = try hall.caller()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await caller.call(Ask()) } }
            await hall.until(running: 1, waiting: 2)
            let error = await #expect(throws: CallError<Ask.Refusal>.self) {
                try await caller.call(Ask())
            }
            #expect(error?.failure.code == .resourceExhausted)
            #expect(error?.failure.outcome == .notProcessed)
            #expect(error?.failure.retry == .later)
            #expect(
                error?.failure.fact(LimitReached.self)
                    == LimitReached("waiting calls", limit: 2, value: 2))
            hall.release.set()
            try await group.waitForAll()
        }
    }

    @Test("refuses a call whose turn is expected after its deadline")
    func tooLate() async throws {
        let hall = try Hall {
            $0.running = 1
            $0.runningPerCaller = 1
        }
        // One call that takes long tells how long a turn takes.
        let caller = try hall.caller()
        async let slow = caller.call(Ask())
        await hall.until(running: 1, waiting: 0)
        try await Task.sleep(for: .milliseconds(300))
        hall.release.set()
        _ = try await slow
        // The mean is now a few milliseconds, so a deadline below that is hopeless behind another.
        let free = try heldPlace(hall)
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await caller.call(Ask(), options: CallOptions(timeout: .milliseconds(3)))
        }
        #expect(error?.failure.code == .resourceExhausted)
        #expect(error?.failure.message.contains("a turn is expected in") == true)
        free()
    }

    /// Takes the only place of a hall, by hand.
    private func heldPlace(_ hall: Hall) throws -> () -> Void {
        let context = CallContext(
            identity: counselor, method: Ask.name, now: Timestamp(microseconds: 0),
            deadline: .now.advanced(by: .seconds(60)), id: CallID(run: 1, number: 1))
        let call = ServerCall(
            declaration: Ask.self, index: 0, isStream: false, context: context,
            handler: .unary(Ask.self) { _, _ in throw CancellationError() },
            message: ByteBuffer())
        _ = try hall.admission.admit(call)
        return { hall.admission.ended(call, CallEnd(failure: nil, nanoseconds: 0)) }
    }

    @Test("forgets a call that is given up while it waits")
    func cancelled() async throws {
        let hall = try Hall { $0.running = 1 }
        let caller = try hall.caller()
        async let first = caller.call(Ask())
        await hall.until(running: 1, waiting: 0)
        let second = Task { try await caller.call(Ask()) }
        await hall.until(running: 1, waiting: 1)
        second.cancel()
        await hall.until(running: 1, waiting: 0)
        hall.release.set()
        _ = try await first
        await #expect(throws: CallError<Ask.Refusal>.self) { try await second.value }
        await hall.until(running: 0, waiting: 0)
    }

    @Test("counts streams apart: many long ones keep no call from its turn")
    func streams() async throws {
        let hall = try Hall {
            $0.running = 1
            $0.streamsPerCaller = 2
        }
        let caller = try hall.caller()
        var open: [ReplyStream<Follow.Element>.AsyncIterator] = []
        for _ in 0..<2 {
            var replies = try await caller.stream(Follow()).makeAsyncIterator()
            #expect(try await replies.next()?.number == 1)
            open.append(replies)
        }
        var third = try await caller.stream(Follow()).makeAsyncIterator()
        let failure = await #expect(throws: RPCFailure.self) { try await third.next() }
        #expect(failure?.fact(LimitReached.self)?.limit == 2)
        async let call = caller.call(Ask())
        await hall.until(running: 1, waiting: 0)
        hall.release.set()
        _ = try await call
    }
}

@Suite("Interceptors", .timeLimit(.minutes(1)))
struct InterceptorTests {
    private final class Note: Interceptor {
        let seen = Mutex<[String]>([])
        private let refuses: Bool

        init(refuses: Bool = false) { self.refuses = refuses }

        func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance {
            seen.withLock { $0.append("admit") }
            if refuses { throw RPCFailure(.aborted, "not today") }
            return .after { () async throws(RPCFailure) in
                self.seen.withLock { $0.append("turn") }
            }
        }

        func ended(_ call: ServerCall, _ end: CallEnd) {
            let word = end.failure.map { "\($0.code)" } ?? "ok"
            seen.withLock { $0.append("ended \(word)") }
        }
    }

    @Test("see each call before and after; who refused is not told, who had admitted is")
    func order() async throws {
        let (first, second, third) = (Note(), Note(refuses: true), Note())
        let ran = Signal()
        let router = try Router(
            declared: [Ask.self],
            handlers: [
                .unary(Ask.self) { _, _ in
                    ran.set()
                    return Ask.Reply()
                }
            ],
            interceptors: [first, second, third],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Timestamp(microseconds: 0) })
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await caller(InMemoryTransport(router, as: counselor)).call(Ask())
        }
        #expect(error?.failure.message == "not today")
        #expect(first.seen.withLock { $0 } == ["admit", "turn", "ended aborted"])
        #expect(second.seen.withLock { $0 } == ["admit"])
        #expect(third.seen.withLock { $0 }.isEmpty)
        #expect(!ran.isSet)
    }

    @Test("pass on the trace, whose spans differ and whose id does not")
    func trace() async throws {
        let traces = Mutex<[String]>([])
        let inner = try asking { _, context in
            traces.withLock { $0.append(context.trace?.description ?? "-") }
            return Ask.Reply()
        }
        let outer = try asking { _, context in
            traces.withLock { $0.append(context.trace?.description ?? "-") }
            return try await inner.call(Ask())
        }
        let trace = TraceContext.begin()
        _ = try await outer.call(Ask(), options: CallOptions(trace: trace))
        _ = try await outer.call(Ask())
        let seen = traces.withLock { $0 }
        #expect(seen[0] == trace.description)
        #expect(seen[1].contains(trace.traceID))
        #expect(seen[1] != seen[0])
        #expect(seen[2...] == ["-", "-"])
    }
}

@Suite("The budget of repeats")
struct RetryBudgetTests {
    @Test("is a hundred at once, and then a fifth of the calls and ten a second")
    func budget() {
        let budget = RetryBudget()
        let start = ContinuousClock.now
        func withdrawn(at time: ContinuousClock.Instant, _ tries: Int) -> Int {
            (0..<tries).count { _ in budget.withdraw(at: time) }
        }
        #expect(withdrawn(at: start, 1000) == 100)
        for _ in 0..<50 { budget.deposit() }
        #expect(withdrawn(at: start, 1000) == 10)
        #expect(withdrawn(at: start.advanced(by: .seconds(2)), 1000) == 20)
        #expect(withdrawn(at: start.advanced(by: .seconds(3600)), 1000) == 100)
    }

    @Test("ends the repeats of all calls together, with the last failure")
    func shared() async throws {
        let lost = RPCFailure(.unavailable, "lost", outcome: .notProcessed, retry: .later)
        let transport = Scripted(Array(repeating: .failure(lost), count: 1000))
        let caller = Caller(
            transport, retries: RetryPolicy(attemptsMaximum: 9, firstPause: .zero)
        ) { .random(at: Timestamp(microseconds: 0)) }
        for _ in 0..<40 { _ = try? await caller.call(Ask()) }
        // Without a budget these would be 360; it holds 100 and gains a fifth of a call each.
        #expect((140...170).contains(transport.calls.count))
    }
}
