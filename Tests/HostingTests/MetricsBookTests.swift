import Hosting
import Metrics
import RPC
import TestKit
import Testing
import Vocabulary

@Suite("The book of metrics")
struct MetricsBookTests {
    private func found(_ book: MetricsBook, _ label: String) -> MetricLine? {
        book.lines.first { $0.label == label }
    }

    @Test("counts under one label whatever is recorded under it")
    func counters() {
        let book = MetricsBook()
        for _ in 0..<2 {
            Counter(label: "calls", dimensions: [("status", "ok"), ("method", "a")], factory: book)
                .increment(by: 3)
        }
        Counter(label: "calls", dimensions: [("method", "b")], factory: book).increment()
        _ = Counter(label: "never", factory: book)
        #expect(
            book.lines == [
                MetricLine("calls{method=a,status=ok}", count: 6),
                MetricLine("calls{method=b}", count: 1),
            ])
    }

    @Test("leaves out a dimension that might name a person")
    func persons() {
        let book = MetricsBook()
        for name in ["Budi Santoso", "Siti"] {
            Counter(
                label: "calls", dimensions: [("participant", name), ("method", "a")], factory: book
            ).increment()
        }
        #expect(book.lines == [MetricLine("calls{method=a}", count: 2)])
    }

    @Test("is bounded: labels beyond the limit share one line")
    func bounded() {
        let book = MetricsBook()
        for number in 0..<(MetricsBook.metersMaximum + 50) {
            Counter(label: "c\(number)", factory: book).increment()
        }
        #expect(book.lines.count == MetricsBook.metersMaximum + 1)
        #expect(found(book, "meters_beyond_the_limit")?.count == 50)
        // Those that are known are counted on.
        Counter(label: "c7", factory: book).increment()
        #expect(found(book, "c7")?.count == 2)
    }

    @Test("keeps meters of two kinds apart, though their label is the same")
    func kinds() {
        let book = MetricsBook()
        Counter(label: "x", factory: book).increment(by: 5)
        Recorder(label: "x", factory: book).record(2)
        Timer(label: "x", factory: book).recordNanoseconds(4)
        #expect(found(book, "x")?.kind == .counter)
        #expect(found(book, "x_values")?.count == 2)
        let gauge = Gauge(label: "g", factory: book)
        gauge.record(4)
        gauge.record(1.5)
        #expect(found(book, "g")?.kind == .gauge)
        #expect(found(book, "g")?.last == 1.5)
    }

    @Test("estimates quantiles at most an eighth off, over twelve orders of magnitude")
    func quantiles() throws {
        var generator = SystemRandomNumberGenerator()
        for scale in [1.0, 10, 1e3, 1e6, 1e9, 1e12] {
            let book = MetricsBook()
            let recorder = Recorder(label: "v", factory: book)
            let values = (0..<2000).map { _ in
                (Double.random(in: 0..<1, using: &generator) * scale).rounded(.down) + 4
            }
            for value in values { recorder.record(value) }
            let line = try #require(found(book, "v"))
            let sorted = values.sorted()
            #expect(line.count == 2000)
            #expect(line.min == sorted.first)
            #expect(line.max == sorted.last)
            let mean = values.reduce(0, +) / 2000
            #expect(abs(try #require(line.mean) - mean) <= mean * 1e-9)
            for (estimate, exact) in [(line.p50, sorted[999]), (line.p99, sorted[1979])] {
                let estimate = try #require(estimate)
                #expect(abs(estimate - exact) <= exact / 8, "\(estimate) for \(exact)")
            }
        }
    }

    @Test("takes any value, and is not upset by one that is no number")
    func extremes() throws {
        let book = MetricsBook()
        let recorder = Recorder(label: "v", factory: book)
        for value in [Double.nan, .infinity, -.infinity] { recorder.record(value) }
        #expect(found(book, "v") == nil)
        for value in [-5.0, 0, 0.25, 3, 1e300] { recorder.record(value) }
        recorder.record(Int64.max)
        let line = try #require(found(book, "v"))
        #expect(line.count == 6)
        #expect(line.min == -5)
        #expect(line.max == 1e300)
        #expect(line.p50 == 0.25 || line.p50 == 0)
    }

    @Test("loses nothing where many record at once")
    func parallel() async {
        let book = MetricsBook()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        Counter(label: "c", factory: book).increment()
                        Timer(label: "t", factory: book).recordMicroseconds(5)
                    }
                }
            }
        }
        #expect(found(book, "c")?.count == 8000)
        #expect(found(book, "t")?.count == 8000)
        #expect(found(book, "t")?.sum == 4e7)
    }
}

@Suite("A hosted service", .timeLimit(.minutes(1)))
struct SharedMethodsTests {
    @Test("describes itself to everyone, and shows its meters to those who watch over machines")
    func shared() async throws {
        let settled = try Settled(.registry)
        let run = try await settled.host(WordService.self).start()
        let (stop, told) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await run.serve { for await _ in stop {} } }
            let security = try settled.caller(TestCertificates.person(.security), port: run.port)
            let described = try await security.call(DescribeService())
            #expect(described.service == .registry)
            let names = (WordService.methods + SharedMethods.all).map { $0.name.text }
            #expect(described.methods.map(\.name) == names.sorted())
            let refused = await #expect(throws: CallError<NoRefusal>.self) {
                try await security.call(ReadMetrics())
            }
            #expect(refused?.failure.code == .permissionDenied)

            let auditor = try settled.caller(TestCertificates.person(.auditor), port: run.port)
            let lines = try await auditor.call(ReadMetrics()).lines
            func line(_ label: String) -> MetricLine? { lines.first { $0.label == label } }
            // Other services of this process write into the same book.
            let good = line("rpc_calls_total{method=rpc.reflect.describe,status=ok}")
            #expect((good?.count ?? 0) >= 1)
            let bad = line("rpc_calls_total{method=rpc.metrics.read,status=permissionDenied}")
            #expect((bad?.count ?? 0) >= 1)
            let time = line("rpc_call_seconds{method=rpc.reflect.describe}")
            #expect((time?.mean ?? 0) > 0)
            #expect(line("rpc_calls_running")?.last == 1)
            told.finish()
            try await group.waitForAll()
        }
    }
}
