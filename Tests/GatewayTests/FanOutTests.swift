import Shared
import Testing

@testable import Gateway

@Suite("A question to several services", .timeLimit(.minutes(1)))
struct FanOutTests {
    private struct Down: Error {}

    private func question(
        _ service: ServiceName, forSome: Bool = false,
        _ ask: @escaping @Sendable () async throws -> Int
    ) -> FanOut<Int>.Question {
        .init(service: service, subject: "numbers", isOnlyForSomeRoles: forSome) { _ in
            try await ask()
        }
    }

    private func ask(
        _ questions: [FanOut<Int>.Question], within timeout: Duration = .seconds(20)
    ) async -> FanOut<Int> {
        await FanOut.ask(questions, within: timeout) { _ in throw GatewayProblem("no caller") }
    }

    private func failing(_ code: StatusCode) -> @Sendable () async throws -> Int {
        { throw RPCFailure(code, "it is so") }
    }

    @Test("is answered by those who can, in the order of the questions")
    func partial() async {
        let answers = await ask([
            question(.registry) {
                // The others are first, and still the order is that of the questions.
                await Task.yield()
                return 1
            },
            question(.clinical, failing(.unavailable)), question(.evaluation) { 3 },
        ])
        #expect(answers.parts == [1, 3])
        #expect(answers.legs.map(\.service) == [.registry, .clinical, .evaluation])
        #expect(
            answers.missingParts == [
                MissingPart(
                    service: "clinical", part: "numbers", status: "unavailable", reason: "it is so")
            ])
        #expect(answers.verdict(requireComplete: false) == .init(prints: true, status: .partial))
        #expect(
            answers.verdict(requireComplete: true) == .init(prints: false, status: .unavailable))
    }

    @Test("is given up at the deadline, and what has come by then is kept")
    func deadline() async {
        let start = ContinuousClock.now
        let answers = await ask(
            [
                question(.registry) { 1 },
                question(.clinical) {
                    try await Task.sleep(for: .seconds(600))
                    return 2
                },
            ], within: .milliseconds(200))
        #expect(start.duration(to: .now) < .seconds(10))
        #expect(answers.parts == [1])
        #expect(answers.missingParts.map(\.status) == ["deadline-exceeded"])
        #expect(answers.missingParts.first?.reason.contains("0.2 seconds") == true)
    }

    @Test("runs all of its legs at the same time")
    func parallel() async {
        // Each leg waits for the other: one after the other they would never end.
        let (first, firstDone) = AsyncStream.makeStream(of: Void.self)
        let (second, secondDone) = AsyncStream.makeStream(of: Void.self)
        let answers = await ask([
            question(.registry) {
                firstDone.finish()
                for await _ in second {}
                return 1
            },
            question(.clinical) {
                secondDone.finish()
                for await _ in first {}
                return 2
            },
        ])
        #expect(answers.parts == [1, 2])
    }

    @Test("has nothing to print where nobody answers, and ends as the first one failed")
    func nothing() async {
        let answers = await ask([
            question(.registry, failing(.deadlineExceeded)),
            question(.clinical, failing(.unavailable)),
        ])
        #expect(answers.verdict(requireComplete: false) == .init(prints: false, status: .deadline))
        #expect(
            answers.verdict(requireComplete: false, isAnswerAnyway: true)
                == .init(prints: true, status: .deadline))
    }

    @Test("is complete without what the role has no part in, but not without what failed")
    func roles() async {
        let whole = await ask([
            question(.registry) { 1 },
            question(.registry, forSome: true, failing(.permissionDenied)),
        ])
        #expect(whole.missing.isEmpty)
        #expect(whole.verdict(requireComplete: true) == .init(prints: true, status: nil))
        let torn = await ask([
            question(.registry) { 1 },
            question(.registry, forSome: true, failing(.unavailable)),
        ])
        #expect(torn.verdict(requireComplete: false).status == .partial)
        let refused = await ask([
            question(.registry) { 1 }, question(.clinical, failing(.permissionDenied)),
        ])
        #expect(refused.verdict(requireComplete: false).status == .partial)
        #expect(refused.verdict(requireComplete: true).status == .refused)
    }

    @Test("says why a service cannot be called at all")
    func noCaller() async {
        let questions: [FanOut<Bool>.Question] = [
            .init(service: .registry, subject: "health") {
                try await $0.call(CheckHealth()).ready
            }
        ]
        let answers = await FanOut.ask(questions, within: .seconds(20)) { _ in
            throw GatewayProblem("the context has no address for registry")
        }
        #expect(
            answers.missingParts.map(\.reason) == ["the context has no address for registry"])
    }

    @Test("hides what an unforeseen error says")
    func unforeseen() async {
        let answers = await ask([question(.registry) { throw Down() }])
        #expect(answers.missingParts.first?.reason.contains("Down") == false)
        #expect(answers.missingParts.map(\.status) == ["internal"])
    }

    @Test("is explained leg by leg")
    func explained() {
        let context = GatewayContext(
            services: ["registry": "10.0.0.1:7401", "clinical": "10.0.0.2:7402"], authorities: "",
            certificate: "", key: "")
        let answers = FanOut(legs: [
            .init(
                service: .registry, subject: "health", result: .success(1),
                took: .microseconds(12_340), position: 7),
            .init(
                service: .clinical, subject: "health",
                result: .failure(RPCFailure(.deadlineExceeded, "late")), took: .seconds(2)),
        ])
        #expect(
            answers.explanation(context).text == """
                service   part    address        ms      outcome            position
                registry  health  10.0.0.1:7401  12.3    answered           7
                clinical  health  10.0.0.2:7402  2000.0  deadline-exceeded
                """)
    }
}

@Suite("Progress of long work")
struct ProgressTests {
    @Test("is drawn step by step, never beyond the total, and wiped at the end")
    func drawn() async {
        let (texts, shown) = AsyncStream.makeStream(of: String.self)
        let progress = Progress(label: "rows", total: 432) { shown.yield($0) }
        progress.advance(by: 12)
        progress.advance(by: 500)
        progress.finish()
        shown.finish()
        var all: [String] = []
        for await text in texts { all.append(text) }
        #expect(all == ["rows 0/432", "rows 12/432", "rows 432/432", ""])
    }
}
