import ArgumentParser
import Foundation
import Shared

/// What a query over several services does when one of them does not answer.
struct QueryOptions: ParsableArguments {
    @Flag(help: "Give no data and fail where a service does not answer.")
    var requireComplete = false
    @Flag(help: "Say on standard error what each service answered, and how fast.")
    var explain = false

    /// The trace of the calls of one command, where it explains them.
    var trace: TraceContext? { explain ? Errand.current.followed : nil }
}

/// A part of an answer that is missing, and why.
struct MissingPart: Encodable, Equatable, Sendable {
    let service: String
    /// What the service was asked for.
    let part: String
    /// gRPC's status name, such as `unavailable`.
    let status: String
    let reason: String

    var note: String { "missing: \(part) from \(service): \(reason) [\(status)]" }
}

extension FanOut {
    /// How the command ends, and whether it prints what it has.
    struct Verdict: Equatable {
        let prints: Bool
        let status: ExitStatus?
    }

    /// Decides by what is missing.
    ///
    /// A complete answer is printed and succeeds; a partial one is printed unless all is required;
    /// where nobody answers, the command ends as its first leg failed.
    /// `isAnswerAnyway`: whether the failures themselves are what was asked for.
    func verdict(requireComplete: Bool, isAnswerAnyway: Bool = false) -> Verdict {
        guard let failure = missing.first?.failure else {
            return Verdict(prints: true, status: nil)
        }
        if requireComplete { return Verdict(prints: false, status: ExitStatus(failure)) }
        if parts.isEmpty { return Verdict(prints: isAnswerAnyway, status: ExitStatus(failure)) }
        return Verdict(prints: true, status: .partial)
    }

    var missingParts: [MissingPart] {
        missing.compactMap { leg in
            leg.failure.map {
                MissingPart(
                    service: leg.service.rawValue, part: leg.subject, status: $0.code.word,
                    reason: $0.message)
            }
        }
    }

    /// Prints what there is, says what is missing and why, and ends the command.
    func report(
        _ query: QueryOptions, _ context: GatewayContext, isAnswerAnyway: Bool = false,
        print: () throws -> Void
    ) throws {
        if query.explain { Console.note(explanation(context).text) }
        if let trace { Console.note(CallExplanation.line(trace)) }
        for part in missingParts { Console.note(part.note) }
        for line in legs.flatMap(\.leftOut.lines) { Console.note(line) }
        let verdict = verdict(
            requireComplete: query.requireComplete, isAnswerAnyway: isAnswerAnyway)
        if verdict.prints { try print() }
        if let status = verdict.status { throw status }
    }

    /// One row for each leg: whom it asked, how long it took, and how it ended.
    func explanation(_ context: GatewayContext) -> Table {
        Table(
            header: ["service", "part", "address", "ms", "outcome", "position"],
            rows: legs.map { leg in
                [
                    leg.service.rawValue, leg.subject,
                    context.services[leg.service.rawValue] ?? "",
                    String(format: "%.1f", leg.took / .milliseconds(1)),
                    leg.isOutOfRole ? "not for this role" : leg.failure?.code.word ?? "answered",
                    leg.position.map(String.init) ?? "",
                ]
            })
    }
}

extension StatusCode {
    /// gRPC's name as it is written everywhere here: `deadline-exceeded`.
    var word: String {
        "\(self)".reduce(into: "") { word, letter in
            word += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
        }
    }
}
