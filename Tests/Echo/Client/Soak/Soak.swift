import ArgumentParser
import EchoAPI
import Shared

/// Calls of all sorts for a long time: what is wrong, lost or left over in the end shows.
///
/// The mix is that of a seed; which of the calls are cut off in time is for the clock to say.
struct Soak: Sendable {
    /// Few enough that all calls at once stay below what a service takes of one caller.
    private static let connections = 4
    private static let workers = 8
    /// Calls cut off a second on each connection: a service bears 200 for long.
    private static let cutsPerSecond = 120.0

    private let options: LoadOptions
    private let peer: PulihPeer
    private let tally = SoakTally()

    init(_ options: LoadOptions, peer: PulihPeer) {
        self.options = options
        self.peer = peer
    }

    /// Runs, prints a line every ten seconds, and throws `ExitCode` where anything was wrong.
    func run() async throws {
        let clients = (0..<Self.connections).map { _ in peer.client() }
        let begin = ContinuousClock.now
        let end = begin.advanced(by: .seconds(options.length))
        var memory = SoakMemory(
            server: options.serverProcess, warmup: min(10, options.length / 4))
        await withTaskGroup { group in
            for (index, client) in clients.enumerated() {
                let cuts = SoakPace(perSecond: Self.cutsPerSecond)
                for worker in 0..<Self.workers {
                    let number = index * Self.workers + worker
                    group.addTask(executorPreference: client.executor) {
                        var worker = SoakWorker(
                            number, seed: options.seed, client: client, cuts: cuts, tally: tally)
                        while ContinuousClock.now < end { await worker.call() }
                    }
                }
            }
            await watch(from: begin, until: end, &memory)
        }
        // Handlers of calls that were cut off need a moment to end.
        try? await Task.sleep(for: .seconds(1))
        var problems: [String] = []
        for client in clients { problems += await Self.aftermath(client) }
        for client in clients { client.close() }
        try judge(memory, problems)
    }

    /// Samples the memory every half second, and prints every ten.
    private func watch(
        from begin: ContinuousClock.Instant, until end: ContinuousClock.Instant,
        _ memory: inout SoakMemory
    ) async {
        var next = 10.0
        while ContinuousClock.now < end {
            // Nobody cancels this task; it would only sample more often.
            try? await Task.sleep(for: .milliseconds(500))
            let second = begin.duration(to: .now) / .seconds(1)
            memory.sample(at: second)
            if second >= next {
                print("\(Int(second)) s: \(tally.line), \(memory.line)")
                next += 10
            }
        }
    }

    /// Calls that must succeed once there is no load: whatever was cut off holds nothing up.
    private static func aftermath(_ client: TLSClient) async -> [String] {
        let calls = SoakCall(
            caller: Caller(client, retries: .none) { .random(at: SystemClock.now()) },
            options: CallOptions(timeout: .seconds(5)))
        do throws(RPCFailure) {
            let right = try await calls.echo(1)
            let all = try await calls.stream(1000)
            return right && all ? [] : ["an answer after the load was wrong"]
        } catch {
            return ["after the load: \(error.code), \(error.message)"]
        }
    }

    private func judge(_ memory: SoakMemory, _ more: [String]) throws {
        print("end: \(tally.line), \(memory.line)")
        var problems = tally.problems + more
        if options.length >= SoakMemory.secondsMin {
            problems += memory.growth
        } else {
            print("memory is not judged in less than \(Int(SoakMemory.secondsMin)) s")
        }
        for problem in problems { print("WRONG: \(problem)") }
        guard problems.isEmpty else { throw ExitCode.failure }
        print("nothing was wrong")
    }
}
