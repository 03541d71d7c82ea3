import ArgumentParser
import Foundation

/// Compares Pulih's calls with those of its peers, in rounds of short runs.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Compares Pulih's calls with gRPC in Swift, C++ and Go and with a C program.",
        discussion: "It runs at the top of the repository; deploy/bench builds what it needs.")

    @Option(help: "How many rounds; within each all implementations take turns.") var rounds = 5
    @Option(help: "Length of a measured window, in seconds.") var seconds = 1.0
    @Option(help: "How long calls are made before it, in seconds.") var warmup = 0.3
    @Option(name: .customLong("case"), help: "Only this case; repeat for several.")
    var cases: [Case] = []
    @Option(help: "Only this implementation; repeat for several.") var only: [Implementation] = []
    @Option(help: "Write what every round gave to this file.") var json: String?
    @Flag(help: "Count the instructions of the coders instead; wants valgrind.") var coders = false

    /// What `--json` writes.
    private struct Document: Encodable {
        var machine = Machine()
        /// The rounds before which something else used the machine.
        var disturbedRounds: [Int] = []
        var measurements: [Measurement] = []
        var failures: [String] = []
        var coders: Coders?
    }

    private struct Machine: Encodable {
        let processors = ProcessInfo.processInfo.activeProcessorCount
        let system = ProcessInfo.processInfo.operatingSystemVersionString
        let date = ISO8601DateFormatter().string(from: Date())
    }

    func validate() throws {
        guard rounds > 0, seconds > 0, warmup >= 0 else {
            throw ValidationError("--rounds, --seconds and --warmup must be positive")
        }
    }

    func run() throws {
        allowManyFiles()
        let scene = try Scene()
        defer { scene.remove() }
        var document = Document()
        if coders {
            let counted = try Coders.count(in: scene.directory)
            document.coders = counted
            print(counted.text)
        } else {
            let measured = implementations()
            let cases = Case.allCases.filter { self.cases.isEmpty || self.cases.contains($0) }
            measure(cases, measured, scene, into: &document)
            if !document.disturbedRounds.isEmpty {
                print("DISTURBED: something else used this machine; do not trust the figures.\n")
            }
            print(Tables.text(Figures(measurements: document.measurements), cases, measured))
        }
        try write(document)
        if !document.failures.isEmpty { throw ExitCode.failure }
    }

    private func implementations() -> [Implementation] {
        Implementation.allCases.filter { implementation in
            guard only.isEmpty || only.contains(implementation) else { return false }
            if !implementation.isBuilt {
                Console.note("Left out, because it is not built: \(implementation.rawValue)")
            }
            return implementation.isBuilt
        }
    }

    private func measure(
        _ cases: [Case], _ measured: [Implementation], _ scene: Scene, into document: inout Document
    ) {
        for round in 1...rounds {
            let isQuiet = round == 1 ? QuietMachine.await() : QuietMachine.isQuiet()
            if !isQuiet { document.disturbedRounds.append(round) }
            for load in cases {
                // Another one begins in each round, so that none always follows the same one.
                let first = (round - 1) % max(measured.count, 1)
                for implementation in measured[first...] + measured[..<first] {
                    let name = "round \(round), \(load.rawValue), \(implementation.rawValue)"
                    do {
                        let result = try Run(
                            round: round, load: load, implementation: implementation,
                            seconds: seconds, warmup: warmup, scene: scene
                        ).measure()
                        document.measurements.append(result)
                        Console.note("\(name): \(Tables.short(result.callsPerSecond))/s")
                    } catch {
                        document.failures.append("\(name): \(error)")
                        Console.note("\(name) FAILED: \(error)")
                    }
                }
            }
        }
    }

    private func write(_ document: Document) throws {
        guard let json else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(document).write(to: URL(fileURLWithPath: json))
    }

    /// A thousand connections need more files than many systems allow at first.
    private func allowManyFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 20_000)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
