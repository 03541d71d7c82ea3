import Foundation

/// What one run of one case by one implementation gave.
struct Measurement: Codable, Sendable {
    let round: Int
    let load: Case
    let implementation: Implementation
    let callsPerSecond: Double
    let p50Microseconds: Double?
    let p99Microseconds: Double?
    /// Of client and server together, in seconds, within the measured window.
    let cpuSecondsPer100kCalls: Double
    let serverPeakKiB: Int
    let clientPeakKiB: Int
    /// Memory that a connection costs which does nothing, in KiB; of the case `idle` alone.
    let serverIdleKiB: Double?
    let clientIdleKiB: Double?
    let negotiated: String

    private enum CodingKeys: String, CodingKey {
        case round
        case load = "case"
        case implementation
        case callsPerSecond
        case p50Microseconds
        case p99Microseconds
        case cpuSecondsPer100kCalls
        case serverPeakKiB
        case clientPeakKiB
        case serverIdleKiB
        case clientIdleKiB
        case negotiated
    }
}

/// Why a run gave nothing.
struct RunProblem: Error, CustomStringConvertible {
    let description: String
}

/// Runs one case of one implementation, with a server of its own.
struct Run {
    let round: Int
    let load: Case
    let implementation: Implementation
    /// Length of the measured window, and of the time before it, in seconds.
    let seconds: Double
    let warmup: Double
    let scene: Scene

    /// A line that a client prints.
    private struct Event: Decodable {
        let event: String
        let calls: Int?
        let seconds: Double?
        let p50Microseconds: Double?
        let p99Microseconds: Double?
        let negotiated: String?
    }

    /// What both processes have used at some moment.
    private struct Usage {
        let cpuSeconds: Double
        let serverKiB: Int
        let clientKiB: Int

        init(_ server: ChildProcess, _ client: ChildProcess) throws {
            cpuSeconds =
                try ProcessFigures.cpuSeconds(server.id) + ProcessFigures.cpuSeconds(client.id)
            serverKiB = try ProcessFigures.residentKiB(server.id)
            clientKiB = try ProcessFigures.residentKiB(client.id)
        }
    }

    func measure() throws -> Measurement {
        let portFile = scene.directory + "/port"
        try? FileManager.default.removeItem(atPath: portFile)
        let server = try start(
            implementation.server, scene.server + ["--port-file", portFile], log: "server.log")
        defer { server.stop() }
        let port = try port(of: server, in: portFile)
        let client = try start(
            implementation.client,
            scene.client + [
                "--address", "127.0.0.1:\(port)", "--case", load.rawValue,
                "--seconds", "\(seconds)", "--warmup", "\(warmup)",
            ], log: "client.log")
        defer { client.stop() }
        return try follow(client, server)
    }

    private func start(_ program: String, _ arguments: [String], log: String) throws -> ChildProcess
    {
        try ChildProcess(
            program, arguments, pinned: load.isPinned, environment: implementation.environment,
            log: scene.directory + "/" + log)
    }

    private func port(of server: ChildProcess, in file: String) throws -> Int {
        for _ in 0..<2000 {
            if let text = try? String(contentsOfFile: file, encoding: .utf8),
                let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
            {
                return port
            }
            guard server.isRunning else { break }
            usleep(5000)
        }
        throw RunProblem(description: "the server did not start: \(server.lastWords)")
    }

    private func follow(_ client: ChildProcess, _ server: ChildProcess) throws -> Measurement {
        var base: Usage?
        var begin: Usage?
        while let line = client.line(within: 120 + seconds + warmup) {
            let event = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
            let usage = try Usage(server, client)
            switch event.event {
            case "base": base = usage
            case "begin": begin = usage
            default:
                guard let begin, let calls = event.calls, calls > 0, let length = event.seconds
                else { throw RunProblem(description: "the client told no result") }
                let result = Measurement(
                    round: round, load: load, implementation: implementation,
                    callsPerSecond: Double(calls) / length,
                    p50Microseconds: event.p50Microseconds,
                    p99Microseconds: event.p99Microseconds,
                    cpuSecondsPer100kCalls: (usage.cpuSeconds - begin.cpuSeconds)
                        * 100_000 / Double(calls),
                    serverPeakKiB: try ProcessFigures.peakKiB(server.id),
                    clientPeakKiB: try ProcessFigures.peakKiB(client.id),
                    serverIdleKiB: base.map {
                        Double(begin.serverKiB - $0.serverKiB) / Double(calls)
                    },
                    clientIdleKiB: base.map {
                        Double(begin.clientKiB - $0.clientKiB) / Double(calls)
                    }, negotiated: event.negotiated ?? "not told")
                guard client.finish() == 0 else { break }
                return result
            }
        }
        throw RunProblem(description: "the client failed or took too long: \(client.lastWords)")
    }
}

/// A directory with certificates made for this run of the driver.
struct Scene {
    let directory: String
    /// Options of every server and of every client.
    let server: [String]
    let client: [String]

    /// Makes certificates of P-256 with the project's own command.
    init() throws {
        directory = NSTemporaryDirectory() + "pulih-bench-" + UUID().uuidString
        let directory = directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let hosts = ["--host", "127.0.0.1", "--host", "localhost"]
        for arguments in [
            ["init"], ["issue-service", "registry"] + hosts, ["issue-service", "clinical"] + hosts,
        ] {
            let made = try ChildProcess(
                Places.products + "/pulih", ["pki"] + arguments + ["--directory", directory],
                pinned: false, environment: [:], log: directory + "/pki.log")
            guard made.finish() == 0 else { throw RunProblem(description: made.lastWords) }
        }
        func files(_ name: String) -> [String] {
            [
                "--certificate", "\(directory)/\(name).pem", "--key", "\(directory)/\(name).key",
                "--authorities", "\(directory)/ca.pem",
            ]
        }
        server = files("registry")
        client = files("clinical")
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}
