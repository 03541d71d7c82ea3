import RPC
import RegistryAPI
import RegistryRules
import Storage
import Testing
import Vocabulary

@Suite("Revoking certificates")
struct CertificatesTests {
    private static let now = Timestamp(microseconds: 1_780_000_000_000_000)
    private static let melati = "spiffe://pulih.test/facility/rutan-kraksaan/role/registrar/melati"
    private static let siti = Identity.person(
        PersonIdentity(
            domain: "pulih.test",
            affiliation: Affiliation(kind: .facility, code: "rutan-kraksaan"),
            role: .administrator, code: "siti"))

    private func revoke(
        _ number: UInt64, serial: String? = nil, identity: String? = nil, before: Timestamp? = nil,
        note: String? = nil, known: [CertificateRevocation] = []
    ) throws -> CertificateRevocation {
        try CertificateRules.revoke(
            RevokeCertificate(
                id: id(number), serial: serial.map { try CertificateSerial($0) },
                identity: identity, issuedBefore: before, reason: .keyCompromise, note: note),
            facts: RevocationFacts(known: known, caller: Self.siti, now: Self.now))
    }

    @Test("is of one certificate, or of all of a holder until now, and says who decided it")
    func revoked() throws {
        let one = try revoke(1, serial: "0a:1b")
        #expect(one.revoked == .one(try CertificateSerial("A1B")))
        #expect(one.issuedBefore == nil)
        #expect(one.revokedAt == Self.now)
        #expect(one.revokedBy == Self.siti.description)
        let all = try revoke(2, identity: Self.melati)
        #expect(all.revoked == .all(of: Self.melati, before: Self.now))
        let earlier = Self.now.adding(seconds: -60)
        #expect(
            try revoke(3, identity: Self.melati, before: earlier).revoked
                == .all(of: Self.melati, before: earlier))
        #expect(RevocationSummary(all).revoked == all.revoked)
    }

    @Test("needs one thing to revoke, of this trust domain, and no moment to come")
    func badInput() {
        #expect(wrongField { try revoke(1) } == "serial")
        #expect(wrongField { try revoke(1, serial: "1", identity: Self.melati) } == "serial")
        #expect(wrongField { try revoke(1, serial: "1", before: Self.now) } == "issuedBefore")
        #expect(
            wrongField {
                try revoke(1, identity: Self.melati, before: Self.now.adding(seconds: 1))
            } == "issuedBefore")
        for bad in ["melati", "spiffe://other.test/service/clinical", "spiffe://pulih.test/x"] {
            #expect(wrongField { try revoke(1, identity: bad) } == "identity", "\(bad)")
        }
        #expect(wrongField { try revoke(1, serial: "1", note: "a\u{0}b") } == "note")
    }

    @Test("happens once, but a holder's later certificates can be revoked again")
    func again() throws {
        typealias Reason = RevokeCertificate.Refusal
        let one = try revoke(1, serial: "1")
        #expect(try revoke(1, serial: "1", known: [one]) == one)
        #expect(refusal(Reason.self) { try revoke(1, serial: "2", known: [one]) } == .idTaken)
        #expect(
            refusal(Reason.self) { try revoke(2, serial: "1", known: [one]) } == .alreadyRevoked)
        let early = Self.now.adding(seconds: -60)
        let all = try revoke(3, identity: Self.melati, before: early)
        #expect(try revoke(3, identity: Self.melati, known: [all]) == all)
        #expect(
            refusal(Reason.self) {
                try revoke(4, identity: Self.melati, before: early, known: [all])
            } == .alreadyRevoked)
        #expect(try revoke(5, identity: Self.melati, known: [all]).issuedBefore == Self.now)
    }

    @Test("is for administrators and heads, is listed, and is told to the other services")
    func service() async throws {
        let registry = try RunningRegistry()
        let call = RevokeCertificate(
            id: id(1), identity: Self.melati, reason: .keyCompromise, note: "laptop dicuri")
        for role in Role.allCases
        where ![.administrator, .facilityHead, .boardHead].contains(role) {
            #expect(await registry.status(call, as: role) == .permissionDenied, "\(role)")
        }
        let revocation = try await registry.call(call, as: .administrator)
        _ = try await registry.call(
            RevokeCertificate(id: id(2), serial: try CertificateSerial("B"), reason: .superseded),
            as: .facilityHead)
        let list = try await registry.call(ListRevokedCertificates(), as: .auditor).revocations
        #expect(Set(list.map(\.id)) == [id(1), id(2)])
        let hers = ListRevokedCertificates(identity: Self.melati)
        #expect(try await registry.call(hers, as: .administrator).revocations == [revocation])
        #expect(await registry.status(hers, as: .counselor) == .permissionDenied)

        var heard: [FeedItem] = []
        let feed = registry.caller(as: .clinical)
        for try await item in try await feed.stream(FollowRegistry(after: 0)) {
            heard.append(item)
            if heard.count == 2 { break }
        }
        #expect(heard.map(\.noun) == ["revocation", "revocation"])
        let told = heard.compactMap(\.body).map { String(decoding: $0, as: UTF8.self) }
        #expect(told.first?.contains("key-compromise") == true)
        #expect(!told.joined().contains("dicuri"))
        try await registry.store.rebuild()
        #expect(
            try await registry.call(ListRevokedCertificates(), as: .auditor).revocations == list)
    }
}
