import NIOCore
import RPC
import Synchronization
import Testing
import Vocabulary

/// The ids of calls, each counted once.
final class Ids: Sendable {
    private let ids = Mutex<Set<String>>([])

    var count: Int { ids.withLock { $0.count } }
    func add(_ id: String) { ids.withLock { _ = $0.insert(id) } }
}

@Suite("A deadline", .timeLimit(.minutes(1)))
struct DeadlineTests {
    @Test("is inherited by calls made inside, and never lengthened by them")
    func inherited() async throws {
        let inner = Mutex<[ContinuousClock.Instant]>([])
        let nested = try asking { _, context in
            inner.withLock { $0.append(context.deadline) }
            return Ask.Reply()
        }
        let outer = Mutex<ContinuousClock.Instant?>(nil)
        let caller = try asking { _, context in
            outer.withLock { $0 = context.deadline }
            _ = try await nested.call(Ask(), options: CallOptions(timeout: .seconds(3600)))
            _ = try await nested.call(Ask(), options: CallOptions(timeout: .seconds(100)))
            return Ask.Reply()
        }
        _ = try await caller.call(Ask(), options: CallOptions(timeout: .seconds(1000)))
        let limit = try #require(outer.withLock { $0 })
        let deadlines = inner.withLock { $0 }
        // A transport passes on what is left, so the copies differ by the time of passing on.
        #expect(abs(limit.duration(to: deadlines[0]).microseconds) < 60_000_000)
        #expect(deadlines[1] < limit.advanced(by: .seconds(-800)))
    }

    @Test("that has passed is refused before the handler runs")
    func elapsed() async throws {
        let ran = Signal()
        let caller = try asking { _, _ in
            ran.set()
            return Ask.Reply()
        }
        for timeout in [Duration.zero, .seconds(-5), .seconds(Int64.min)] {
            let error = await #expect(throws: CallError<Ask.Refusal>.self) {
                try await caller.call(Ask(), options: CallOptions(timeout: timeout))
            }
            #expect(error?.failure.code == .deadlineExceeded)
            #expect(error?.failure.outcome == .notProcessed)
        }
        #expect(!ran.isSet)
    }

    @Test("as far off as numbers go is a day, and the call is answered")
    func farOff() async throws {
        let left = Mutex(Duration.zero)
        let caller = try asking { _, context in
            left.withLock { $0 = ContinuousClock.now.duration(to: context.deadline) }
            return Ask.Reply(text: "yes")
        }
        let reply = try await caller.call(
            Ask(), options: CallOptions(timeout: .microseconds(Int64.max)))
        #expect(reply.text == "yes")
        #expect(left.withLock { $0 } <= .seconds(86_400))
    }

    @Test("cancels a handler that is at work, and the calls it has made")
    func cancelsHandler() async throws {
        let (begun, innerCancelled) = (Signal(), Signal())
        let nested = try asking { _, _ in
            begun.set()
            try await innerCancelled.setWhenCancelled()
            return Ask.Reply()
        }
        let caller = try asking { _, _ in try await nested.call(Ask()) }
        try await untilSet(begun) { timeout in
            let error = await #expect(throws: CallError<Ask.Refusal>.self) {
                try await caller.call(Ask(), options: CallOptions(timeout: timeout))
            }
            #expect(error?.failure.code == .deadlineExceeded)
        }
        await innerCancelled.wait()
    }

    @Test("ends a stream whose consumer does not come back")
    func slowConsumer() async throws {
        let (begun, cancelled) = (Signal(), Signal())
        let service = try router(
            [Follow.self],
            [
                .stream(Follow.self) { _, _, send in
                    begun.set()
                    do {
                        for number in 0... { try await send(Follow.Element(number: number)) }
                    } catch {
                        cancelled.set()
                        throw error
                    }
                }
            ])
        let caller = caller(InMemoryTransport(service, as: counselor))
        try await untilSet(begun) { timeout in
            let stream = try await caller.stream(
                Follow(), options: CallOptions(timeout: timeout))
            await #expect(throws: RPCFailure.self) {
                for try await _ in stream {
                    // It comes back when the handler is told to stop, and not before.
                    await cancelled.wait()
                }
            }
        }
    }

    /// Tries with longer and longer deadlines until one leaves the handler the time to begin.
    private func untilSet(
        _ begun: Signal, _ attempt: (Duration) async throws -> Void
    ) async throws {
        var timeout = Duration.milliseconds(20)
        while !begun.isSet {
            try await attempt(timeout)
            timeout *= 2
        }
    }
}

@Suite("Cancellation", .timeLimit(.minutes(1)))
struct CancellationTests {
    @Test("reaches the handler and the calls it has made")
    func unary() async throws {
        let (begun, inner) = (Signal(), Signal())
        let nested = try asking { _, _ in
            begun.set()
            try await inner.setWhenCancelled()
            return Ask.Reply()
        }
        let caller = try asking { _, _ in try await nested.call(Ask()) }
        let task = Task { try await caller.call(Ask()) }
        await begun.wait()
        task.cancel()
        await inner.wait()
        let error = await #expect(throws: CallError<Ask.Refusal>.self) { try await task.value }
        #expect(error?.failure.code == .cancelled)
    }

    private func follower(
        _ body:
            @escaping @Sendable (_ send: @Sendable (Follow.Element) async throws -> Void)
            async throws -> Void
    ) throws -> Caller {
        let service = try router(
            [Follow.self], [.stream(Follow.self) { _, _, send in try await body(send) }])
        return caller(InMemoryTransport(service, as: counselor))
    }

    @Test("reaches the handler of a stream whose consumer stops early")
    func stopsEarly() async throws {
        let cancelled = Signal()
        let caller = try follower { send in
            do {
                for number in 0... { try await send(Follow.Element(number: number)) }
            } catch {
                cancelled.set()
                throw error
            }
        }
        for try await element in try await caller.stream(Follow()) where element.number == 3 {
            break
        }
        await cancelled.wait()
    }

    @Test("reaches the handler of a stream that waits for nothing of its caller's")
    func whileIdle() async throws {
        let (begun, cancelled) = (Signal(), Signal())
        let caller = try follower { send in
            try await send(Follow.Element(number: 1))
            begun.set()
            try await cancelled.setWhenCancelled()
        }
        let task = Task { for try await _ in try await caller.stream(Follow()) {} }
        await begun.wait()
        task.cancel()
        await cancelled.wait()
        await #expect(throws: RPCFailure.self) { try await task.value }
    }

    @Test("does not hide what a stream brought before it failed")
    func failsMidway() async throws {
        let caller = try follower { send in
            try await send(Follow.Element(number: 1))
            try await send(Follow.Element(number: 2))
            throw InvalidInput("after", "is no position of this journal")
        }
        var numbers: [Int] = []
        let error = await #expect(throws: RPCFailure.self) {
            for try await element in try await caller.stream(Follow()) {
                numbers.append(element.number)
            }
        }
        #expect(numbers == [1, 2])
        #expect(error?.code == .invalidArgument)
        #expect(error?.field == "after")
    }
}
