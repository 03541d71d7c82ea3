import NIOCore
import RPC
import Testing
import Vocabulary

@Suite("A router", .timeLimit(.minutes(1)))
struct RouterTests {
    private static let echo = Handler.unary(Ask.self) { request, _ in
        Ask.Reply(text: request.text)
    }

    @Test("does not start with a hole, a stranger, or two answers")
    func matching() throws {
        #expect(throws: RouterError.unanswered("test.thing.write")) {
            try router([Ask.self, Write.self], [Self.echo])
        }
        #expect(throws: RouterError.undeclared("test.thing.ask")) { try router([], [Self.echo]) }
        #expect(throws: RouterError.twice("test.thing.ask")) {
            try router([Ask.self], [Self.echo, Self.echo])
        }
    }

    @Test("lets in whom the declaration names, and nobody else")
    func access() async throws {
        let people = Role.allCases.map { (Who.person($0), $0 == .counselor) }
        let services = ServiceName.allCases.map { (Who.service($0), $0 == .clinical) }
        for (identity, isAllowed) in people + services {
            let ran = Signal()
            let caller = try asking(as: identity) { _, _ in
                ran.set()
                return Ask.Reply()
            }
            if isAllowed {
                _ = try await caller.call(Ask())
            } else {
                let error = await #expect(throws: CallError<Ask.Refusal>.self) {
                    try await caller.call(Ask())
                }
                #expect(error?.failure.code == .permissionDenied)
                #expect(error?.failure.outcome == .notProcessed)
            }
            #expect(ran.isSet == isAllowed, "\(identity)")
        }
    }

    @Test("refuses who may not call before the request is read")
    func accessFirst() async throws {
        let transport = InMemoryTransport(
            try router([Ask.self], [Self.echo]), as: Who.person(.auditor))
        let call = OutboundCall(
            method: Ask.name, message: ByteBuffer(bytes: [0xff]),
            deadline: .now.advanced(by: .seconds(5)))
        let error = await #expect(throws: RPCFailure.self) { try await transport.unary(call) }
        #expect(error?.code == .permissionDenied)
    }

    @Test("refuses an unknown method and a malformed request, and says which it was")
    func badCalls() async throws {
        let transport = InMemoryTransport(try router([Ask.self], [Self.echo]), as: counselor)
        func failure(_ method: MethodName, _ bytes: [UInt8]) async -> RPCFailure? {
            await #expect(throws: RPCFailure.self) {
                try await transport.unary(
                    OutboundCall(
                        method: method, message: ByteBuffer(bytes: bytes),
                        deadline: .now.advanced(by: .seconds(5))))
            }
        }
        let unknown = await failure("test.thing.none", [0xa0])
        #expect(unknown?.code == .unimplemented)
        #expect(unknown?.outcome == .notProcessed)
        // Not CBOR, a map without the field, and a field of another type.
        for bytes: [UInt8] in [[0xff], [0xa0], [0xa1, 0x64, 0x74, 0x65, 0x78, 0x74, 0x01], []] {
            let malformed = await failure(Ask.name, bytes)
            #expect(malformed?.code == .invalidArgument, "\(bytes)")
            #expect(malformed?.retry == .never)
        }
    }

    @Test("brings a refusal to the caller as the method's own case")
    func refusals() async throws {
        for refusal in Ask.Refusal.allCases {
            let caller = try asking { _, _ in throw refusal }
            let error = await #expect(throws: CallError<Ask.Refusal>.self) {
                try await caller.call(Ask())
            }
            #expect(error?.reason == refusal)
            #expect(error?.failure.message == refusal.explanation)
            #expect(error?.failure.code == refusal.status)
            // A rule judges the same call the same way: no status makes a refusal repeatable.
            #expect(error?.failure.outcome == .processed)
            #expect(error?.failure.retry == .never)
        }
        let detailed = try asking { _, _ in throw Refused(Ask.Refusal.full, "12 of 12 places") }
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await detailed.call(Ask())
        }
        #expect(error?.reason == .full)
        #expect(error?.failure.message == "the thing is full (12 of 12 places)")
    }

    @Test("lets out nothing of an error that was not made for callers")
    func unknownError() async throws {
        struct Leak: Error, CustomStringConvertible {
            let description = "SELECT name FROM person WHERE nik = 3513"
        }
        let caller = try asking { _, _ in throw Leak() }
        let error = await #expect(throws: CallError<Ask.Refusal>.self) {
            try await caller.call(Ask())
        }
        let failure = try #require(error?.failure)
        #expect(failure.code == .internal)
        #expect(failure.outcome == .unknown)
        #expect(
            "\(failure) \(failure.origin ?? []) \(failure.rule ?? "")".contains("SELECT") == false)
        #expect(failure.call?.isEmpty == false)
        #expect(failure.origin == ["test.thing.ask"])
    }

    @Test("adds the position and the time taken to a reply, and another id to each call")
    func notes() async throws {
        let ids = Ids()
        let caller = try asking { _, context in
            ids.add(context.id.description)
            context.notes.position(7)
            context.notes.position(41)
            context.notes.position(9)
            return Ask.Reply()
        }
        let answer = try await caller.answer(Ask())
        #expect(answer.notes.position == 41)
        #expect((answer.notes.serverMicroseconds ?? -1) >= 0)
        _ = try await caller.call(Ask())
        #expect(ids.count == 2)
    }
}
