import ArgumentParser
import Foundation
import Shared

extension RPCCommand {
    /// `pulih rpc ping`: how far away a service is, and how fast it answers.
    struct Ping: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measures a service: making the connection, and then each call.")

        @OptionGroup var target: TargetOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How many calls, 1 to 10000.") var count = 5
        @Argument(help: "The service.") var service: ServiceName

        func validate() throws {
            guard (1...10_000).contains(count) else {
                throw ValidationError("--count must be from 1 to 10000")
            }
        }

        func run() async throws {
            let context = try target.load()
            let caller = try context.caller(of: service)
            var report = PingReport(
                service: service.rawValue, address: context.services[service.rawValue] ?? "")
            for _ in 0..<count {
                let began = ContinuousClock.now
                do throws(CallError<NoRefusal>) {
                    let answer = try await caller.answer(
                        CheckHealth(), options: CallOptions(timeout: .seconds(target.timeout)))
                    report.add(began.duration(to: .now), answer.dial, answer.notes)
                } catch {
                    throw GatewayProblem(error.failure)
                }
            }
            try output.print(report, csv: report.table) { _ in report.table.text }
        }
    }
}

/// What some calls to one service took, in microseconds.
struct PingReport: Encodable {
    /// Smallest, middle and largest of some values.
    struct Spread: Encodable, Equatable {
        let count: Int
        let min: Int64
        let median: Int64
        let max: Int64

        init?(_ values: [Int64]) {
            let sorted = values.sorted()
            guard let first = sorted.first, let last = sorted.last else { return nil }
            count = sorted.count
            min = first
            median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
            max = last
        }
    }

    let service: String
    let address: String
    private var connects: [Int64] = []
    private var handshakes: [Int64] = []
    private var roundTrips: [Int64] = []
    private var servers: [Int64] = []

    init(service: String, address: String) {
        self.service = service
        self.address = address
    }

    /// Adds a call; what the connection took is not the call's.
    mutating func add(_ took: Duration, _ dial: DialTiming?, _ notes: ReplyNotes) {
        var rest = took.microseconds
        if let dial {
            connects.append(dial.connectMicroseconds)
            handshakes.append(dial.handshakeMicroseconds)
            rest -= dial.connectMicroseconds + dial.handshakeMicroseconds
        }
        roundTrips.append(max(0, rest))
        if let server = notes.serverMicroseconds { servers.append(server) }
    }

    private var parts: [(name: String, spread: Spread?)] {
        [
            ("connect", Spread(connects)), ("TLS", Spread(handshakes)),
            ("round trip", Spread(roundTrips)), ("of it server", Spread(servers)),
        ]
    }

    /// In milliseconds.
    var table: Table {
        Table(
            header: ["part", "count", "min ms", "median ms", "max ms"],
            rows: parts.compactMap { name, spread in
                spread.map {
                    [name, "\($0.count)"]
                        + [$0.min, $0.median, $0.max].map {
                            String(format: "%.2f", Double($0) / 1000)
                        }
                }
            })
    }

    private enum CodingKeys: CodingKey {
        case service
        case address
        case connectMicroseconds
        case handshakeMicroseconds
        case roundTripMicroseconds
        case serverMicroseconds
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(service, forKey: .service)
        try container.encode(address, forKey: .address)
        try container.encodeIfPresent(Spread(connects), forKey: .connectMicroseconds)
        try container.encodeIfPresent(Spread(handshakes), forKey: .handshakeMicroseconds)
        try container.encodeIfPresent(Spread(roundTrips), forKey: .roundTripMicroseconds)
        try container.encodeIfPresent(Spread(servers), forKey: .serverMicroseconds)
    }
}
