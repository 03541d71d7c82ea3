import CBOR
import ClinicalAPI
import Instruments
import NIOCore
import RPC
import RegistryAPI
import RegistryServer
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("The registry as a follower of the clinical service", .timeLimit(.minutes(1)))
struct ClinicalFeedTests {
    private let registry: RunningRegistry

    init() throws { registry = try RunningRegistry() }

    /// Applies an item as the follower does, with the position it came with.
    private func hear(_ noun: ClinicalNoun, _ body: some Encodable, at position: Int64) async throws
    {
        let bytes = Array(try CBOREncoder().encode(body).readableBytesView)
        let item = FeedItem(
            position: position, at: Timestamp(microseconds: 0), noun: noun.rawValue, body: bytes)
        _ = try await registry.store.write { transaction in
            try ClinicalCopies.apply(item, to: transaction)
            try transaction.setFeed("clinical", position: position, heardAt: item.at)
        }
    }

    private func screening(
        _ number: UInt64, of participant: UInt64 = 1, band: RiskBand?,
        on text: String = "2026-02-05",
        replaces: AdministrationID? = nil
    ) -> ScreeningSummary {
        ScreeningSummary(
            administration: id(number), participant: id(participant), day: day(text),
            instrument: .assist, bands: [], highestDrugBand: band, replaces: replaces)
    }

    private let urine = UrineTestDay(test: id(810), participant: id(1), day: day("2026-02-05"))

    /// Everybody and every paper that an enrollment asks for, but what the feed brings.
    private func ready() async throws {
        try await registry.prepare()
        try await registry.admit()
    }

    @Test("opens the way for an enrollment by a screening and a urine test")
    func opens() async throws {
        try await ready()
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .screeningMissing)
        try await hear(.screening, screening(800, band: .high), at: 1)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .urineMissing)
        try await hear(.urineTest, urine, at: 2)
        let opened = try await registry.call(Example.opening(), as: .registrar)
        #expect(opened.enrollment == Example.enrollment())
    }

    @Test("takes a test on a later day for none")
    func later() async throws {
        try await ready()
        try await hear(.screening, screening(800, band: .high), at: 1)
        let after = UrineTestDay(test: id(810), participant: id(1), day: day("2026-03-02"))
        try await hear(.urineTest, after, at: 2)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .urineMissing)
    }

    @Test("does not let a screening count that another one replaces")
    func replaced() async throws {
        try await ready()
        try await hear(.urineTest, urine, at: 1)
        try await hear(.screening, screening(800, band: .high), at: 2)
        try await hear(.screening, screening(801, band: .low, replaces: id(800)), at: 3)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .riskTooLow)
        // The correction of the correction found no drug at all.
        try await hear(.screening, screening(802, band: nil, replaces: id(801)), at: 4)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .screeningMissing)
        try await hear(.screening, screening(803, band: .moderate, replaces: id(802)), at: 5)
        _ = try await registry.call(Example.opening(), as: .registrar)
    }

    @Test("takes a risk in a word of a later version for none that its rules ask for")
    func laterWord() async throws {
        try await ready()
        try await hear(.urineTest, urine, at: 1)
        let later = try inLaterWords(
            screening(800, band: .high), ["highestDrugBand": "extreme", "instrument": "assist-4"])
        try await hear(.screening, later, at: 2)
        #expect(
            try await registry.store.read { try $0.all(ScreeningCopy.self) }
                .map(\.highestDrugBand) == ["extreme"])
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .riskTooLow)
    }

    @Test("counts nobody else's screening, and what was told of a record merged into this one")
    func people() async throws {
        try await ready()
        _ = try await registry.call(
            RunningRegistry.registration(2, name: "Agus", birth: "1980-01-02"), as: .registrar)
        try await hear(.urineTest, urine, at: 1)
        try await hear(.screening, screening(800, of: 2, band: .high), at: 2)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .screeningMissing)
        _ = try await registry.call(
            MergeParticipants(kept: id(1), duplicate: id(2), reason: "one person"),
            as: .registrar)
        _ = try await registry.call(Example.opening(), as: .registrar)
    }

    @Test("says how far it follows, and hears everything again after its tables were rebuilt")
    func rebuilt() async throws {
        try await ready()
        func heard() async throws -> Int64? {
            let health = try await registry.call(CheckHealth(), as: .registrar)
            return health.feeds.first { $0.of == .clinical }?.position
        }
        try await hear(.urineTest, urine, at: 1)
        try await hear(.screening, screening(800, band: .high), at: 2)
        #expect(try await heard() == 2)
        let copies = try await registry.store.read { try $0.all(ScreeningCopy.self) }
        try await registry.store.rebuild()
        #expect(try await heard() == 0)
        #expect(await registry.refusal(Example.opening(), as: .registrar) == .screeningMissing)
        try await hear(.urineTest, urine, at: 1)
        try await hear(.screening, screening(800, band: .high), at: 2)
        #expect(try await registry.store.read { try $0.all(ScreeningCopy.self) } == copies)
        _ = try await registry.call(Example.opening(), as: .registrar)
    }

    @Test("keeps nothing of what is not for it, and copies nothing into its own journal")
    func passedOver() async throws {
        let position = registry.store.position
        try await hear(.screening, screening(800, band: .high), at: 1)
        _ = try await registry.store.write { transaction in
            let item = FeedItem(position: 2, at: Timestamp(microseconds: 0))
            try ClinicalCopies.apply(item, to: transaction)
            let unknown = FeedItem(
                position: 3, at: Timestamp(microseconds: 0), noun: "note", body: [0xff])
            try ClinicalCopies.apply(unknown, to: transaction)
        }
        #expect(registry.store.position == position)
        #expect(try await registry.store.read { try $0.all(ScreeningCopy.self) }.count == 1)
    }
}
