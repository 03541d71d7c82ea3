import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("Calling over mutual TLS", .timeLimit(.minutes(1)))
struct CallingTests {
    @Test("brings the reply, and the caller's identity to the handler")
    func echo() async throws {
        let exchange = try await Exchange()
        let reply = try await exchange.caller().call(Echo(text: "selamat pagi"))
        #expect(reply.text == "selamat pagi")
        #expect(reply.caller == "\(TestCertificates.person(.counselor))")
    }

    @Test("carries messages of many frames both ways", arguments: [16_372, 300_000, 3_000_000])
    func large(size: Int) async throws {
        let exchange = try await Exchange()
        let text = String(repeating: "a", count: size)
        let reply = try await exchange.caller().call(Echo(text: text))
        #expect(reply.text == text)
    }

    @Test("keeps many calls on one connection apart")
    func concurrent() async throws {
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<200 {
                group.addTask {
                    (number, try await caller.call(Echo(text: "number \(number)")).text)
                }
            }
            for try await (number, text) in group { #expect(text == "number \(number)") }
        }
    }

    @Test("streams more than the window, in order and to the end")
    func stream() async throws {
        let exchange = try await Exchange()
        var expected = 1
        for try await element in try await exchange.caller().stream(Count(upTo: 2000)) {
            #expect(element.number == expected)
            expected += 1
        }
        #expect(expected == 2001)
    }

    @Test("ends a stream at the service when its consumer leaves it")
    func leftStream() async throws {
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        // More of them than one caller may have open; none would end by itself before its deadline.
        for _ in 0..<100 {
            var messages = try await caller.stream(Count(upTo: 2000)).makeAsyncIterator()
            #expect(try await messages.next()?.number == 1)
        }
    }

    @Test("ends at the deadline, here and in the handler")
    func deadline() async throws {
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(Wait(), options: CallOptions(timeout: .milliseconds(300)))
        }
        #expect(error?.failure.code == .deadlineExceeded)
        await exchange.waits.untilCancelled()
    }

    @Test("cancels the handler when the caller's task is cancelled")
    func cancel() async throws {
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        let task = Task { try await caller.call(Wait()) }
        await exchange.waits.untilBegun()
        task.cancel()
        await exchange.waits.untilCancelled()
        await #expect(throws: CallError<NoRefusal>.self) { try await task.value }
    }

    @Test("refuses what no API declares")
    func unknown() async throws {
        struct Missing: RPCMethod {
            static let name: MethodName = "test.nothing.here"
            static let access = Access.everyone
            static let section = Section.operational
            static let repeatability = Repeatability.readOnly
            struct Reply: Codable {}
        }
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(Missing())
        }
        #expect(error?.failure.code == .unimplemented)
        #expect(error?.failure.outcome == .notProcessed)
    }

    @Test("fails only the call whose request or reply is too large")
    func tooLarge() async throws {
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        let limit = 4 * 1024 * 1024
        // The larger request does not fit; of the smaller one the reply, which says more, does not.
        for (size, code) in [
            (limit + 1, StatusCode.invalidArgument), (limit - 20, .resourceExhausted),
        ] {
            let error = await #expect(throws: CallError<NoRefusal>.self) {
                try await caller.call(Echo(text: String(repeating: "a", count: size)))
            }
            #expect(error?.failure.code == code)
            #expect(error?.failure.retry == .never)
        }
        #expect(try await caller.call(Echo(text: "still here")).text == "still here")
    }

    @Test("lets an open call finish while draining, and then takes no more")
    func drain() async throws {
        let exchange = try await Exchange()
        let caller = try exchange.caller()
        _ = try await caller.call(Echo(text: "warm"))
        await exchange.listener.drain(within: .seconds(5))
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(Echo(text: "late"))
        }
        #expect(error?.failure.code == .unavailable)
    }
}
