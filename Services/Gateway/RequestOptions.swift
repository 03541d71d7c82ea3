import ArgumentParser
import Foundation
import Shared

/// A request on the command line, and how it is sent.
struct RequestOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "A JSON file with the request; - for standard input.")
    var file: String?

    @Option(help: "The idempotency key (a UUID); made up if not given.")
    var key: String?

    @Flag(help: "Say on standard error where the time went, and trace the call.")
    var explain = false

    @Argument(help: "Fields of the request as path=value.")
    var fields: [String] = []

    /// Makes a call with one reply, which is taken as it comes, and explains it if that is asked
    /// for.
    func call<Method: RPCMethod>(
        _ method: Method.Type, of service: ServiceName, _ target: TargetOptions
    ) async throws -> CBORValue {
        let request = try RequestDocument(file: file, fields: fields).decode(method)
        let options = try options(target)
        let caller = try target.load().caller(of: service)
        let began = ContinuousClock.now
        do throws(CallError<Method.Refusal>) {
            let answer = try await caller.answer(AsItCame(request), options: options)
            explain(options, began) {
                $0.attempts = answer.attempts
                $0.dial = answer.dial
                $0.notes = answer.notes
            }
            for line in LeftOut(answer.notes).lines { Console.note(line) }
            return answer.reply
        } catch {
            explain(options, began) { _ in }
            throw GatewayProblem(error.failure)
        }
    }

    /// Makes a call with any number of replies, and hands on at most `limit` of them.
    func follow<Stream: RPCStream>(
        _ stream: Stream.Type, of service: ServiceName, _ target: TargetOptions, limit: Int?,
        each: (Stream.Element) throws -> Void
    ) async throws {
        let request = try RequestDocument(file: file, fields: fields).decode(stream)
        let options = try options(target)
        let caller = try target.load().caller(of: service)
        let began = ContinuousClock.now
        var replies = 0
        func explainEnd() { explain(options, began) { $0.replies = replies } }
        do {
            for try await reply in try await caller.stream(request, options: options) {
                try each(reply)
                replies += 1
                if replies == limit { break }
            }
            explainEnd()
        } catch let failure as RPCFailure {
            explainEnd()
            throw GatewayProblem(failure)
        }
    }

    private func options(_ target: TargetOptions) throws -> CallOptions {
        CallOptions(
            timeout: .seconds(target.timeout), key: try idempotencyKey(),
            trace: explain ? Errand.current.followed : nil)
    }

    private func explain(
        _ options: CallOptions, _ began: ContinuousClock.Instant,
        _ fill: (inout CallExplanation) -> Void
    ) {
        guard let trace = options.trace else { return }
        var explanation = CallExplanation(total: began.duration(to: .now), trace: trace)
        fill(&explanation)
        Console.note(explanation.text)
    }

    private func idempotencyKey() throws -> IdempotencyKey? {
        guard let key else { return nil }
        guard let parsed = IdempotencyKey(text: key) else {
            throw GatewayProblem("--key must be a UUID")
        }
        return parsed
    }
}
