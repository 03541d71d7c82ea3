import Foundation

/// Makes the calls of one case and reports what they took.
struct Load<Peer: EchoPeer>: Sendable {
    private let options: LoadOptions
    private let peer: Peer

    init(_ options: LoadOptions, peer: Peer) {
        self.options = options
        self.peer = peer
    }

    /// Measures, reports, and waits until standard input ends, so that the driver can read what
    /// the process has used before it is gone.
    func run() async throws {
        switch options.load {
        case .lat, .t64, .t256, .t8x32: try await inFlight(Self.echoes)
        case .blob1, .blob4: try await inFlight(Self.blobs)
        case .stream: try await streams()
        case .hs: try await handshakes()
        case .idle: try await idle()
        case .soak: throw LoadProblem.onlyOfPulih
        }
        while readLine() != nil {}
    }

    // MARK: - Calls in flight

    private typealias Worker = @Sendable (Peer.Connection, Int, Window) async throws -> Latencies

    /// A call counts where it ends within the window.
    private struct Window: Sendable {
        let begin: UInt64
        let end: UInt64
    }

    private func inFlight(_ worker: @escaping Worker) async throws {
        let load = options.load
        var connections: [Peer.Connection] = []
        for _ in 0..<load.connections { connections.append(try await connected()) }
        let begin = nanoseconds() + UInt64(options.warmup * 1e9)
        let window = Window(begin: begin, end: begin + UInt64(options.length * 1e9))
        let all = try await withThrowingTaskGroup(of: Latencies.self) { group in
            group.addTask {
                try await Task.sleep(for: .seconds(options.warmup))
                LoadReport.mark("begin")
                return Latencies()
            }
            for (index, connection) in connections.enumerated() {
                for call in 0..<load.inFlight {
                    group.addTask(executorPreference: connection.executor) {
                        try await worker(connection, index * load.inFlight + call, window)
                    }
                }
            }
            var all = Latencies()
            for try await latencies in group { all.add(latencies) }
            return all
        }
        report(calls: all.total, seconds: options.length, latencies: all)
    }

    private static func echoes(
        _ connection: Peer.Connection, _ worker: Int, _ window: Window
    ) async throws -> Latencies {
        // Numbers of different workers are apart, so that an answer to another's call shows.
        var number = Int64(worker) << 40
        return try await repeating(window) {
            number += 1
            return try await connection.echo(number)
        }
    }

    private static func blobs(
        _ connection: Peer.Connection, _ worker: Int, _ window: Window
    ) async throws -> Latencies {
        var bytes = Peer.Connection.Bytes(repeating: 0x5a, count: 1 << 20)
        var number = UInt64(worker) << 40
        return try await repeating(window) {
            number += 1
            for shift in 0..<8 { bytes[shift] = UInt8(truncatingIfNeeded: number >> (8 * shift)) }
            let answer = try await connection.blob(bytes)
            return answer.count == bytes.count && answer.prefix(8).elementsEqual(bytes.prefix(8))
                && answer.suffix(8).elementsEqual(bytes.suffix(8))
        }
    }

    private static func repeating(
        _ window: Window, _ call: () async throws -> Bool
    ) async throws -> Latencies {
        var latencies = Latencies()
        var last = nanoseconds()
        while last < window.end {
            guard try await call() else { throw LoadProblem.wrongAnswer }
            let now = nanoseconds()
            if now >= window.begin, now < window.end { latencies.add(now - last) }
            last = now
        }
        return latencies
    }

    // MARK: - One after the other

    private func streams() async throws {
        let connection = try await connected()
        try await onExecutor(of: connection) {
            let warm = nanoseconds() + UInt64(options.warmup * 1e9)
            repeat {
                guard try await connection.stream(10_000) else { throw LoadProblem.wrongAnswer }
            } while nanoseconds() < warm
            var calls = 0
            let (begin, end) = beginning()
            repeat {
                guard try await connection.stream(100_000) else { throw LoadProblem.wrongAnswer }
                calls += 1
            } while nanoseconds() < end
            report(calls: calls * 100_000, seconds: Double(nanoseconds() - begin) / 1e9)
        }
    }

    private func handshakes() async throws {
        let warm = nanoseconds() + UInt64(options.warmup * 1e9)
        repeat { await (try connected()).close() } while nanoseconds() < warm
        var latencies = Latencies()
        let (begin, end) = beginning()
        var last = begin
        repeat {
            await (try connected()).close()
            let now = nanoseconds()
            latencies.add(now - last)
            last = now
        } while last < end
        report(
            calls: latencies.total, seconds: Double(last - begin) / 1e9, latencies: latencies)
    }

    private func idle() async throws {
        // What the first connection brings with it is not counted.
        var connections = [try await connected()]
        LoadReport.mark("base")
        try await Task.sleep(for: .milliseconds(200))
        for _ in 0..<1000 { connections.append(try await connected()) }
        LoadReport.mark("begin")
        try await Task.sleep(for: .seconds(2))
        report(calls: connections.count - 1, seconds: 2)
        while readLine() != nil {}
        for connection in connections { await connection.close() }
    }

    // MARK: - Parts

    /// A connection that has made one call.
    private func connected() async throws -> Peer.Connection {
        let connection = try await peer.connect()
        guard try await connection.echo(1) else { throw LoadProblem.wrongAnswer }
        return connection
    }

    private func onExecutor(
        of connection: Peer.Connection, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: connection.executor) { try await body() }
            try await group.waitForAll()
        }
    }

    private func beginning() -> (begin: UInt64, end: UInt64) {
        LoadReport.mark("begin")
        let begin = nanoseconds()
        return (begin, begin + UInt64(options.length * 1e9))
    }

    private func report(calls: Int, seconds: Double, latencies: Latencies? = nil) {
        LoadReport.end(
            calls: calls, seconds: seconds, latencies: latencies, negotiated: peer.negotiated)
    }
}
