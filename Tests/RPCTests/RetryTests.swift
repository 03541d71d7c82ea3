import CBOR
import NIOCore
import RPC
import Testing
import Vocabulary

@Suite("Repeating a call", .timeLimit(.minutes(1)))
struct RetryTests {
    private static let quick = RetryPolicy(firstPause: .milliseconds(1))
    private static let lost = RPCFailure(
        .unavailable, "the connection was lost", outcome: .unknown, retry: .later)

    private func reply<Value: Encodable>(
        _ value: Value
    ) throws -> Result<InboundReply, RPCFailure> {
        .success(InboundReply(message: try CBOREncoder().encode(value)))
    }

    @Test("happens where the failure advises it, counts the tries, and keeps the key")
    func keyed() async throws {
        let transport = Scripted([
            .failure(Self.lost), .failure(Self.lost), try reply(Write.Reply()),
        ])
        let answer = try await caller(transport, retries: Self.quick).answer(Write())
        #expect(answer.attempts == 3)
        #expect(transport.calls.map(\.attempt) == [1, 2, 3])
        let keys = Set(transport.calls.map(\.key))
        #expect(keys.count == 1)
        #expect(keys.first != .some(nil))
        // Another call is another deed, and a caller's own key is kept.
        let second = Scripted([try reply(Write.Reply()), try reply(Write.Reply())])
        let caller = caller(second, retries: Self.quick)
        let own = IdempotencyKey.random(at: Timestamp(microseconds: 5))
        _ = try await caller.call(Write())
        _ = try await caller.call(Write(), options: CallOptions(key: own))
        #expect(second.calls[0].key != keys.first)
        #expect(second.calls[1].key == own)
    }

    @Test("gives a read no key")
    func readOnly() async throws {
        let transport = Scripted([.failure(Self.lost), try reply(Ask.Reply(text: "yes"))])
        let answer = try await caller(transport, retries: Self.quick).answer(Ask())
        #expect(answer.reply.text == "yes")
        #expect(transport.calls.allSatisfy { $0.key == nil })
    }

    @Test("ends after three tries with the last failure")
    func exhausted() async throws {
        let transport = Scripted(Array(repeating: .failure(Self.lost), count: 9))
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await caller(transport, retries: Self.quick).call(Ask())
        }
        #expect(error?.failure == Self.lost)
        #expect(transport.calls.count == 3)
    }

    @Test("never happens where the failure advises against it", arguments: StatusCode.allCases)
    func advisedAgainst(code: StatusCode) async throws {
        for outcome in [Outcome.processed, .notProcessed, .unknown] {
            let failure = RPCFailure(code, "no", outcome: outcome, retry: .never)
            let transport = Scripted(Array(repeating: .failure(failure), count: 3))
            await #expect(throws: CallError<Write.Refusal>.self) {
                try await caller(transport, retries: Self.quick).call(Write())
            }
            #expect(transport.calls.count == 1)
        }
    }

    @Test("never happens for a stream, nor for a reply that cannot be read")
    func others() async throws {
        let streams = Scripted([])
        await #expect(throws: RPCFailure.self) {
            try await caller(streams, retries: Self.quick).stream(Follow())
        }
        #expect(streams.calls.count == 1)
        let garbled = Scripted([
            .success(InboundReply(message: ByteBuffer(bytes: [0xff]))),
            try reply(Ask.Reply()),
        ])
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await caller(garbled, retries: Self.quick).call(Ask())
        }
        #expect(error?.failure.code == .dataLoss)
        #expect(garbled.calls.count == 1)
    }

    @Test("waits longer each time, at most the maximum, and never past the deadline")
    func pauses() throws {
        let policy = RetryPolicy(
            attemptsMaximum: 100, firstPause: .milliseconds(50), pauseMaximum: .seconds(1))
        for attempt in 1..<100 {
            let pause = try #require(
                policy.pause(after: Self.lost, attempt: attempt, left: .seconds(60)))
            let whole = min(Duration.milliseconds(50) * (1 << min(attempt - 1, 10)), .seconds(1))
            #expect(pause >= whole / 2 && pause <= whole)
            #expect(policy.pause(after: Self.lost, attempt: attempt, left: whole / 2) == nil)
        }
        #expect(policy.pause(after: Self.lost, attempt: 100, left: .seconds(60)) == nil)
        var hinted = Self.lost
        hinted.retryAfterMilliseconds = 3000
        #expect(policy.pause(after: hinted, attempt: 1, left: .seconds(60)) == .seconds(3))
        #expect(policy.pause(after: hinted, attempt: 1, left: .seconds(2)) == nil)
        for extreme in [Int.max, Int.min] {
            hinted.retryAfterMilliseconds = extreme
            let pause = policy.pause(after: hinted, attempt: 1, left: .seconds(60))
            #expect((pause == nil) == (extreme > 0))
        }
    }

    @Test("does not outlive the deadline of the call it is made in")
    func insideAHandler() async throws {
        var hinted = Self.lost
        hinted.retryAfterMilliseconds = 30_000
        let transport = Scripted(Array(repeating: .failure(hinted), count: 3))
        let nested = caller(transport, retries: Self.quick)
        let outer = try asking { _, _ in
            try await nested.call(Ask(), options: CallOptions(timeout: .seconds(3600)))
        }
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await outer.call(Ask(), options: CallOptions(timeout: .seconds(10)))
        }
        // It ends at once with the failure: the wait it was asked for does not fit.
        #expect(error?.failure.code == .unavailable)
        #expect(error?.failure.origin == ["test.thing.ask"])
        #expect(transport.calls.count == 1)
    }
}
