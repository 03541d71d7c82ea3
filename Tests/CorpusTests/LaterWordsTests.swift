import CBOR
import ClinicalAPI
import NIOCore
import RegistryAPI
import Shared
import TestKit
import Testing

@testable import Hosting

@Suite("What feeds tell, in words of a later version", .timeLimit(.minutes(2)))
struct LaterWordsTests {
    private static let word = "pulih-later-word"

    /// Words that need readers first, by the end of their paths; `Shared/PROTOCOL.md` names them.
    private static let closed = [".\"zone\"", ".\"affiliation\".\"kind\""]

    /// A number, which a later version writes as this one does.
    private static let number = ".\"serial\""

    /// A body with every text that may be a word replaced; dates and moments are none.
    private func reworded(_ value: CBORValue, at path: String = "") -> CBORValue {
        switch value {
        case .map(let pairs):
            return .map(
                pairs.map { pair in
                    let inner = path + "." + pair.key.diagnostic
                    return CBORPair(key: pair.key, value: reworded(pair.value, at: inner))
                })
        case .array(let items): return .array(items.map { reworded($0, at: path) })
        case .text(let text):
            let isWord = Day(text: text) == nil && Timestamp(text: text) == nil
            let isOpen = !(Self.closed + [Self.number]).contains { path.hasSuffix($0) }
            return isWord && isOpen ? .text(Self.word) : value
        default: return value
        }
    }

    private func entries() throws -> [(place: VersionedCall, entry: FeedEntry)] {
        try CorpusFolder.calls().flatMap { place in
            try place.call.replies.compactMap { text in
                FeedEntry(try CBORValue(Hex.buffer(text))).map { (place, $0) }
            }
        }
    }

    @Test("are read, kept and passed on as they came")
    func read() throws {
        let entries = try entries()
        #expect(entries.count > 20)
        for (place, entry) in entries {
            let type = try #require(FeedBodies.readingType(of: entry, in: place.call))
            let known = try type.reencode(entry.body)
            let later = reworded(known)
            let again = try type.reencode(reworded(try CBORValue(entry.body)).bytes)
            #expect(later.losses(in: again).isEmpty, "\(place), a \(entry.noun)")
        }
    }

    @Test("stop no follower")
    func followed() async throws {
        let town = try RecordedTown()
        defer { town.close() }
        for (place, entry) in try entries() {
            let body = Array(reworded(try CBORValue(entry.body)).bytes.readableBytesView)
            let peer = try #require(
                ServiceName(rawValue: String(place.call.method.prefix { $0 != "." })))
            let follower = try #require(ServiceName(rawValue: place.call.by))
            await #expect(throws: Never.self, "\(place), a \(entry.noun)") {
                try await town.hear(
                    FeedItem(position: 1, at: RecordedTown.now, noun: entry.noun, body: body),
                    from: peer, as: follower)
            }
        }
    }
}
