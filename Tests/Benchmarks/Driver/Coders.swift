import Foundation

/// What coding a message costs, in instructions: the same on a busy machine as on a quiet one.
struct Coders: Codable {
    /// Instructions of one encoding and decoding, by coder.
    private(set) var instructions: [String: Double] = [:]

    private static let count = 2000

    private static let programs: [(name: String, program: String, arguments: [String])] = [
        ("cbor", Places.products + "/pulih-echo-coder", ["--coder", "cbor"]),
        ("json", Places.products + "/pulih-echo-coder", ["--coder", "json"]),
        ("swift-protobuf", Places.ownProducts + "/swift-protobuf-coder", []),
    ]

    /// Runs each coder twice; the difference is free of what starting costs.
    static func count(in directory: String) throws -> Coders {
        var result = Coders()
        for coder in programs {
            Console.note("counting \(coder.name)")
            let program = try stripped(coder.program, directory)
            let once = try collected(program, coder.arguments, count, directory)
            let twice = try collected(program, coder.arguments, 2 * count, directory)
            result.instructions[coder.name] = Double(twice - once) / Double(count)
        }
        return result
    }

    /// A copy without the debug information, which valgrind 3.19 cannot read of Swift's programs.
    private static func stripped(_ program: String, _ directory: String) throws -> String {
        let copy = directory + "/coder"
        let strip = try ChildProcess(
            "/usr/bin/strip", ["--strip-debug", "-o", copy, program], pinned: false,
            environment: [:], log: directory + "/strip.log")
        guard strip.finish() == 0 else { throw RunProblem(description: strip.lastWords) }
        return copy
    }

    private static func collected(
        _ program: String, _ arguments: [String], _ count: Int, _ directory: String
    ) throws -> Int {
        let log = directory + "/callgrind.log"
        let valgrind = try ChildProcess(
            "/usr/bin/valgrind",
            ["--tool=callgrind", "--callgrind-out-file=/dev/null", program] + arguments
                + ["--count", "\(count)"],
            pinned: false,
            // Dictionaries of a run must have the order of the next one.
            environment: ["SWIFT_DETERMINISTIC_HASHING": "1"], log: log)
        guard valgrind.finish(within: 600) == 0 else {
            throw RunProblem(description: "\(program): \(valgrind.lastWords)")
        }
        let text = try String(contentsOfFile: log, encoding: .utf8)
        for line in text.split(separator: "\n") where line.contains("Collected :") {
            if let number = line.split(separator: " ").last.flatMap({ Int($0) }) { return number }
        }
        throw RunProblem(description: "valgrind told no count")
    }

    /// The figures, and the two targets set on them.
    var text: String {
        var rows = [["coder", "instructions"]]
        for coder in Self.programs {
            rows.append([coder.name, instructions[coder.name].map(Tables.short) ?? "-"])
        }
        var targets = [["what", "measured", "goal", ""]]
        for (other, goal) in [("json", 1.0 / 14), ("swift-protobuf", 1.3)] {
            guard let own = instructions["cbor"], let count = instructions[other] else { continue }
            let ratio = own / count
            targets.append([
                "cbor / \(other)", Tables.short(ratio), "≤ " + Tables.short(goal),
                ratio <= goal ? "goal met" : "NOT MET",
            ])
        }
        return "Encoding and decoding one message\n" + Tables.aligned(rows) + "\n\n"
            + Tables.aligned(targets)
    }
}
