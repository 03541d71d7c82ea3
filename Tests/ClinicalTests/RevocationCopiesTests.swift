import CBOR
import ClinicalServer
import Hosting
import Logging
import NIOCore
import RPC
import RegistryAPI
import Storage
import TestKit
import Testing
import Vocabulary

@Suite("What the registry tells of revoked certificates", .timeLimit(.minutes(1)))
struct RevocationCopiesTests {
    @Test("is obeyed at once, is known at the next start, and stays when copies are made anew")
    func obeyed() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(
            StoreConfiguration(
                directory: directory.path, name: "clinical",
                journalKey: [UInt8](repeating: 7, count: 32),
                encryptionKey: [UInt8](repeating: 9, count: 32)),
            schema: ClinicalService.schema,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        defer { store.close() }
        let book = RevocationBook()
        let service = ClinicalService(store: store, revocations: book)
        let now = Timestamp(microseconds: 1_780_000_000_000_000)
        let summary = RevocationSummary(
            CertificateRevocation(
                id: Identifier(at: now, high: 0, low: 1), serial: try CertificateSerial("A1"),
                identity: nil, issuedBefore: nil, reason: .superseded, note: "secret",
                revokedAt: now, revokedBy: "spiffe://pulih.test/service/registry"))
        let body = Array(try CBOREncoder().encode(summary).readableBytesView)
        #expect(!String(decoding: body, as: UTF8.self).contains("secret"))
        let item = FeedItem(
            position: 1, at: now, noun: RegistryFeedNoun.revocation.rawValue, body: body)
        _ = try await store.write { try RegistryCopies.apply(item, to: $0, book) }
        let certificate = CertificateFacts(
            serial: try CertificateSerial("A1"), identity: "spiffe://pulih.test/x", validFrom: now)
        #expect(book.contains(certificate))
        #expect(try await store.read { try service.revoked($0) } == [.one(certificate.serial)])
        // Until the feed has come that far again, nobody may be let in.
        try await store.rebuild()
        #expect(try await store.read { try service.revoked($0) } == [.one(certificate.serial)])
    }
}
