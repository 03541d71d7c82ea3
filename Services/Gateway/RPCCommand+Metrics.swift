import ArgumentParser
import Foundation
import Shared

extension RPCCommand {
    /// `pulih rpc metrics`: what a service has counted and measured since it started.
    struct Metrics: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what a service has counted and measured since it started.")

        @OptionGroup var target: TargetOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The service.") var service: ServiceName

        func run() async throws {
            let caller = try target.load().caller(of: service)
            let reply: ReadMetrics.Reply
            do throws(CallError<NoRefusal>) {
                reply = try await caller.call(
                    ReadMetrics(), options: CallOptions(timeout: .seconds(target.timeout)))
            } catch {
                throw GatewayProblem(error.failure)
            }
            let table = MetricsText.table(reply.lines)
            try output.print(reply, csv: table) { _ in table.text }
        }
    }
}

/// Meters for people.
enum MetricsText {
    static func table(_ lines: [MetricLine]) -> Table {
        Table(
            header: ["label", "count", "mean", "p50", "p99", "max"],
            rows: lines.map { line in
                if let last = line.last { return [line.label, value(last, line.unit)] + blanks(4) }
                guard line.kind == .distribution else {
                    return [line.label, "\(line.count)"] + blanks(4)
                }
                return [line.label, "\(line.count)"]
                    + [line.mean, line.p50, line.p99, line.max].map { value($0, line.unit) }
            })
    }

    private static func blanks(_ count: Int) -> [String] { Array(repeating: "", count: count) }

    private static func value(_ value: Double?, _ unit: MetricLine.Unit) -> String {
        guard let value else { return Figures.none }
        switch unit {
        case .nanoseconds: return String(format: "%.3f ms", value / 1e6)
        case .none:
            return value == value.rounded() && abs(value) < 1e15
                ? "\(Int64(value))" : String(format: "%.3f", value)
        }
    }
}
