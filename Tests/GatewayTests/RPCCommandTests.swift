import Foundation
import Shared
import Testing

@testable import Gateway

@Suite("Calls by hand")
struct RPCCommandTests {
    @Test("go to the service that a method's name says, or to the one that is chosen")
    func service() throws {
        #expect(try KnownMethods.service(of: "clinical.note.list") == .clinical)
        #expect(try KnownMethods.service(of: "clinical.note.list", chosen: .clinical) == .clinical)
        #expect(
            try KnownMethods.service(of: "rpc.health.check", chosen: .evaluation) == .evaluation)
        func status(_ method: String, _ chosen: ServiceName? = nil) -> Gateway.ExitStatus? {
            do {
                _ = try KnownMethods.service(of: method, chosen: chosen)
                return nil
            } catch {
                return (error as? GatewayProblem)?.status
            }
        }
        #expect(status("clinical.note.list", .registry) == .usage)
        #expect(status("rpc.health.check") == .usage)
        #expect(status("kitchen.soup.stir") == .notFound)
        #expect(status("rpc.soup.stir", .registry) == .notFound)
        #expect(status("") == .notFound)
        #expect(throws: GatewayProblem.self) { try KnownMethods.find("registry.soup.stir") }
        #expect(Set(KnownMethods.names).count == KnownMethods.all.count)
    }

    private let trace = TraceContext(
        traceHigh: 0x0af7_6519_16cd_43dd, traceLow: 0x8448_eb21_1c80_319c,
        span: 0xb7ad_6b71_6920_3331,
        flags: 1)

    @Test("are explained part by part, and the parts are the total")
    func explained() {
        var explanation = CallExplanation(total: .microseconds(20_000), trace: trace)
        explanation.attempts = 2
        explanation.dial = DialTiming(connectMicroseconds: 1500, handshakeMicroseconds: 4000)
        explanation.notes = ReplyNotes(serverMicroseconds: 9000, queueMicroseconds: 6000)
        #expect(
            explanation.text == """
                part     ms
                connect  1.5
                TLS      4.0
                queue    6.0
                server   3.0
                network  5.5
                total    20.0
                attempts 2
                traceparent 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                """)
    }

    @Test("tell no part that nobody measured")
    func unmeasured() {
        var reused = CallExplanation(total: .microseconds(2000), trace: trace)
        reused.attempts = 1
        reused.notes = ReplyNotes(serverMicroseconds: 500)
        let lines = reused.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("connect  -"))
        #expect(lines.contains("TLS      -"))
        #expect(lines.contains("queue    0.0"))
        #expect(lines.contains("network  1.5"))

        let failed = CallExplanation(total: .microseconds(2000), trace: trace)
        #expect(failed.text.hasPrefix("part   ms\ntotal  2.0\ntraceparent "))

        var stream = CallExplanation(total: .microseconds(2000), trace: trace)
        stream.replies = 3
        #expect(stream.text.hasPrefix("part   ms\ntotal  2.0\nreplies 3\ntraceparent "))
    }

    @Test("are measured without the connection they had to wait for")
    func ping() throws {
        var report = PingReport(service: "registry", address: "10.0.0.1:7401")
        report.add(
            .microseconds(10_000),
            DialTiming(connectMicroseconds: 2000, handshakeMicroseconds: 5000),
            ReplyNotes(serverMicroseconds: 100))
        report.add(.microseconds(1000), nil, ReplyNotes(serverMicroseconds: 300))
        report.add(.microseconds(2000), nil, ReplyNotes(serverMicroseconds: 200))
        report.add(.microseconds(4000), nil, ReplyNotes())
        #expect(
            report.table.text == """
                part          count  min ms  median ms  max ms
                connect       1      2.00    2.00       2.00
                TLS           1      5.00    5.00       5.00
                round trip    4      1.00    2.50       4.00
                of it server  3      0.10    0.20       0.30
                """)
        #expect(PingReport.Spread([]) == nil)
    }

    @Test("print meters with their units, and nothing where there is nothing")
    func metrics() {
        let lines = [
            MetricLine("calls", count: 7),
            MetricLine(
                "seconds", .distribution, .nanoseconds, count: 4, sum: 8e6, min: 1e6, max: 4e6,
                p50: 1.5e6, p99: 3.9e6),
            MetricLine("open", now: 3),
        ]
        #expect(
            MetricsText.table(lines).text == """
                label    count  mean      p50       p99       max
                calls    7
                seconds  4      2.000 ms  1.500 ms  3.900 ms  4.000 ms
                open     3
                """)
    }

    @Test("print a document on one line where many follow each other")
    func line() throws {
        struct Item: Encodable {
            var name: String
            var bytes: [UInt8]?
            var list: [Int]
        }
        let item = Item(name: "a\nb", bytes: [1, 255], list: [1, 2])
        #expect(
            try Document(item).line == #"{"name": "a\nb", "bytes": "01ff", "list": [1, 2]}"#)
        #expect(
            try Document([Item(name: "", list: [])]).text(.json) == """
                [
                  {
                    "name": "",
                    "list": []
                  }
                ]
                """)
    }

    @Test("of one fan-out carry its trace, each with a span of its own")
    func trace() async {
        let questions: [FanOut<Bool>.Question] = ServiceName.allCases.map { service in
            .init(service: service, subject: "health") { try await $0.call(CheckHealth()).ready }
        }
        let seen = Sent()
        let answers = await FanOut.ask(questions, within: .seconds(20), trace: trace) { _ in
            Caller(seen) { .random(at: SystemClock.now()) }
        }
        #expect(answers.trace == trace)
        #expect(answers.without { _ in nil }.trace == trace)
        let traces = seen.calls.compactMap(\.trace)
        #expect(traces.count == 3)
        #expect(Set(traces.map(\.traceID)) == [trace.traceID])
        #expect(Set(traces.map(\.span)).count == 3)
        let silent = await FanOut.ask(questions, within: .seconds(20)) { _ in
            Caller(seen) { .random(at: SystemClock.now()) }
        }
        #expect(silent.trace == nil)
        #expect(seen.calls.compactMap(\.trace).count == 3)
    }
}
