import ClinicalAPI
import RPC
import RegistryAPI
import TLSTransport
import TestKit
import Testing
import Vocabulary

/// Whoever may not see a person must not learn from the time of the refusal that there is one.
@Suite("How long a refusal takes", .timeLimit(.minutes(3)))
struct RefusalTimesTests {
    /// So often is each asked for, in turn, so that what else the machine does meets both alike.
    private static let rounds = SecurityFigure.isFull ? 1000 : 150
    /// Percent; half are told rightly by a coin.
    ///
    /// Of 150 times of each kind the best threshold in hindsight
    /// tells more than 65 % rightly once in 300,000 runs where there is no difference (two-sample
    /// Kolmogorov–Smirnov: the share told rightly is (1 + D) / 2, and P(D > 0.3) is about
    /// 2 exp(-150 · 0.3²)).
    private static let bound = 65.0

    @Test("tells nothing of whether the person exists")
    func classes() async throws {
        let town = try await Town()
        let known = Admission(try await MasterData.record(in: town))
        _ = try await known.record(in: town)
        for service in [ServiceName.registry, .clinical] {
            let stranger = try stranger(in: town, at: service)
            var times: (known: [Duration], unknown: [Duration]) = ([], [])
            for _ in 0..<Self.rounds {
                times.known.append(
                    try await refusal(of: known.participant, service, by: stranger))
                times.unknown.append(try await refusal(of: fresh(), service, by: stranger))
            }
            let share = Self.toldRightly(times.known, times.unknown)
            SecurityFigure.atMost(
                "percent of refusals told apart by time at \(service.rawValue)", share, Self.bound)
            #expect(share <= Self.bound)
        }
    }

    /// A counselor of another prison.
    private func stranger(in town: Town, at service: ServiceName) throws -> Caller {
        let identity = Identity.person(
            PersonIdentity(
                domain: TestCertificates.domain,
                affiliation: Affiliation(kind: .facility, code: "rutan-situbondo"),
                role: .counselor, code: "stranger"))
        let running = try #require(town.services[service])
        return try town.cluster.caller(identity, of: running)
    }

    private func refusal(
        of participant: ParticipantID, _ service: ServiceName, by stranger: Caller
    ) async throws -> Duration {
        let began = ContinuousClock.now
        let failure =
            if service == .registry {
                await failure(of: GetParticipant(participant: participant), by: stranger)
            } else {
                await failure(of: ListNotes(participant: participant), by: stranger)
            }
        let took = began.duration(to: .now)
        #expect(failure?.code == .notFound)
        return took
    }

    private func failure(of call: some RPCMethod, by stranger: Caller) async -> RPCFailure? {
        do {
            _ = try await stranger.call(call)
            return nil
        } catch {
            return error.failure
        }
    }

    /// Percent of times that the best threshold puts into the right one of two kinds.
    private static func toldRightly(_ one: [Duration], _ other: [Duration]) -> Double {
        let marked = (one.map { ($0, 1) } + other.map { ($0, -1) }).sorted { $0.0 < $1.0 }
        var sum = 0
        var widest = 0
        for (_, mark) in marked {
            sum += mark
            widest = max(widest, abs(sum))
        }
        return 50 + 50 * Double(widest) / Double(one.count)
    }
}
