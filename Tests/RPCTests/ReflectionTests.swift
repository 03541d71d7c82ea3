import RPC
import Testing
import Vocabulary

@Suite("A service's description of itself", .timeLimit(.minutes(1)))
struct ReflectionTests {
    private static let declared: [any RPCDeclaration.Type] = [
        Write.self, Ask.self, Follow.self, DescribeService.self,
    ]

    private func asking(as identity: Identity) throws -> Caller {
        let reflection = Reflection(
            .clinical, version: "9.8", limits: ServiceLimits(admission: Admission.Limits()),
            declared: Self.declared)
        let handlers: [Handler] = [
            .unary(Write.self) { _, _ in Write.Reply() }, .unary(Ask.self) { _, _ in Ask.Reply() },
            .stream(Follow.self) { _, _, _ in }, reflection.handler,
        ]
        return caller(InMemoryTransport(try router(Self.declared, handlers), as: identity))
    }

    @Test("names every method as it is declared, to whoever asks")
    func all() async throws {
        for identity in [Who.person(.security), Who.service(.evaluation)] {
            let reply = try await asking(as: identity).call(DescribeService())
            #expect(reply.service == .clinical)
            #expect(reply.version == "9.8")
            #expect(
                reply.methods.map(\.name) == [
                    "rpc.reflect.describe", "test.thing.ask", "test.thing.follow",
                    "test.thing.write",
                ])
            #expect(reply.methods.map(\.kind) == [.unary, .unary, .stream, .unary])
            #expect(reply.limits.frameBytes == 16_372)
            #expect(reply.limits.messageBytes == 4_194_304)
            #expect(reply.limits.windowBytes == 524_288)
            #expect(reply.limits.callsPerConnection == 256)
            #expect(reply.limits.running == 128)
            #expect(reply.limits.streamsPerCaller == 32)
        }
    }

    @Test("tells access, repeatability, time and rules of one method")
    func one() async throws {
        let caller = try asking(as: counselor)
        let ask = try await caller.call(DescribeService(method: "test.thing.ask"))
        let method = try #require(ask.methods.first)
        #expect(ask.methods.count == 1)
        #expect(method.roles == [.counselor])
        #expect(method.services == [.clinical])
        #expect(method.section == .operational)
        #expect(method.repeatability == .readOnly)
        #expect(method.timeoutMicroseconds == 10_000_000)
        #expect(method.thread == .pool)
        #expect(method.refusals == Ask.Refusal.allCases.map { RefusalDescription($0) })
        #expect(method.refusals.map(\.rule) == ["thing-closed", "thing-full"])
        #expect(method.refusals.map(\.status) == [.failedPrecondition, .resourceExhausted])
        #expect(method.refusals.map(\.explanation) == ["the thing is closed", "the thing is full"])
        #expect(method.request.fields?.map(\.name) == ["text"])
        #expect(method.reply.fields?.map(\.name) == ["text"])

        let write = try await caller.call(DescribeService(method: "test.thing.write"))
        #expect(write.methods.first?.repeatability == .keyed)
        #expect(write.methods.first?.refusals == [])
        let follow = try await caller.call(DescribeService(method: "test.thing.follow"))
        #expect(follow.methods.first?.reply.fields?.map(\.name) == ["number"])
    }

    @Test("does not make up a method that is not there")
    func unknown() async throws {
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await asking(as: counselor).call(DescribeService(method: "test.thing.none"))
        }
        #expect(error?.failure.code == .notFound)
    }
}
