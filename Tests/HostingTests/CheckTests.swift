import Authority
import Foundation
import Hosting
import Storage
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A check before the start", .timeLimit(.minutes(1)))
struct CheckTests {
    private var settled: Settled

    init() throws { settled = try Settled(.registry) }

    /// What the check says; nil where all is good.
    private func problem() async throws -> String? {
        let host = try await settled.host(WordService.self)
        do {
            try host.check()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("finds good settings good, and leaves no store behind")
    func good() async throws {
        #expect(try await problem() == nil)
        #expect(!FileManager.default.fileExists(atPath: settled.directory.path + "/store"))
    }

    @Test(
        "names a file that is missing",
        arguments: [
            "tls.certificate", "tls.key", "tls.authorities", "store.journalKey",
            "store.encryptionKey", "store.encryptionKeyBefore",
        ])
    mutating func missing(key: String) async throws {
        settled.flags[key] = "/nowhere/\(key)"
        #expect(try await problem()?.contains("/nowhere/\(key)") == true)
    }

    @Test("finds a key that is not the certificate's")
    mutating func otherKey() async throws {
        let other = try settled.certificates.issue(
            TestCertificates.request(TestCertificates.service(.registry)))
        settled.flags["tls.key"] = other.key
        #expect(try await problem()?.contains(other.key) == true)
    }

    @Test("finds a certificate that is issued to another service, or to a person")
    mutating func otherIdentity() async throws {
        for identity in [TestCertificates.service(.clinical), TestCertificates.person(.registrar)] {
            let files = try settled.certificates.issue(TestCertificates.request(identity))
            settled.flags["tls.certificate"] = files.certificate
            settled.flags["tls.key"] = files.key
            let problem = try await problem()
            #expect(problem?.hasPrefix("tls.certificate") == true)
            #expect(problem?.contains("the service registry") == true)
        }
    }

    @Test("finds a certificate that every peer would refuse")
    mutating func refusable() async throws {
        let good = TestCertificates.request(TestCertificates.service(.registry))
        var (expired, early, half) = (good, good, good)
        expired.notBefore = Date(timeIntervalSinceNow: -7200)
        expired.notAfter = Date(timeIntervalSinceNow: -3600)
        early.notBefore = Date(timeIntervalSinceNow: 3600)
        early.notAfter = Date(timeIntervalSinceNow: 7200)
        half.forClients = false
        for (request, reason) in [
            (expired, "expired"), (early, "not yet valid"), (half, "purpose"),
        ] {
            let files = try settled.certificates.issue(request)
            settled.flags["tls.certificate"] = files.certificate
            settled.flags["tls.key"] = files.key
            let problem = try await problem()
            #expect(problem?.hasPrefix("tls.certificate") == true)
            #expect(problem?.contains(reason) == true, "\(problem ?? "good")")
        }
    }

    @Test("finds a certificate of an authority that it does not trust")
    mutating func otherAuthority() async throws {
        settled.flags["tls.authorities"] = try TestCertificates().authority.credential.certificate
            .written(to: settled.directory, "other.pem")
        #expect(try await problem()?.hasPrefix("tls.certificate") == true)
    }

    @Test(
        "finds a key of the store that is not 64 hexadecimal digits",
        arguments: [
            "", "5a", String(repeating: "5a", count: 31), String(repeating: "5a", count: 33),
            String(repeating: "5a", count: 31) + "5g", String(repeating: "5a ", count: 32),
        ], ["journal", "encryption"])
    func storeKey(content: String, of use: String) async throws {
        try settled.directory.write("\(use).key", content)
        let problem = try await problem()
        #expect(problem?.hasPrefix("store.\(use)Key") == true)
        #expect(problem?.contains("64 hexadecimal digits") == true)
    }

    @Test(
        "finds secrets that are somebody else's",
        .enabled(if: getuid() == 0, "only root can give a file away"),
        arguments: ["tls.key", "store.journalKey", "store.encryptionKey"])
    func owner(key: String) async throws {
        let file = try #require(settled.flags[key])
        try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: file)
        #expect(try await problem()?.contains("belongs to another user (number 65534)") == true)
    }

    @Test(
        "finds secrets that others can read",
        arguments: ["tls.key", "store.journalKey", "store.encryptionKey"])
    func readable(key: String) async throws {
        let file = try #require(settled.flags[key])
        for mode in [0o640, 0o604, 0o660] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            #expect(try await problem()?.contains("read by others") == true)
        }
    }

    @Test("names the peer whose address is missing, as the start does")
    func peer() async throws {
        var follower = try Settled(.evaluation)
        let host = try await follower.host(EchoService.self)
        #expect { try host.check() } throws: { "\($0)".hasPrefix("peers.registry: is not set") }
        await #expect { try await host.start() } throws: {
            "\($0)".hasPrefix("peers.registry: is not set")
        }
        follower.flags["peers.registry"] = "127.0.0.1:1"
        try await follower.host(EchoService.self).check()
    }

    @Test("of the whole journal counts its entries, and finds one that was altered")
    func verify() async throws {
        let host = try await settled.host(WordService.self)
        let run = try await host.start()
        _ = try await run.store.write { transaction in
            for number in 0..<3 {
                try transaction.put(
                    Word(id: UUID(), text: "\(number)"), verb: "added", by: "tamperable",
                    at: Timestamp(microseconds: 1))
            }
        }
        try await run.serve {}
        #expect(try await host.verify() == 3)
        try await host.rebuild()
        #expect(try await host.verify() == 3)
        let file = URL(fileURLWithPath: settled.directory.path + "/store/registry.sqlite")
        var bytes = try Data(contentsOf: file)
        let actor = try #require(bytes.range(of: Data("tamperable".utf8)))
        bytes.replaceSubrange(actor, with: Data("temperable".utf8))
        try bytes.write(to: file)
        await #expect { try await host.verify() } throws: {
            if case StorageError.chainBroken = $0 { true } else { false }
        }
    }
}

extension String {
    fileprivate func written(to directory: TemporaryDirectory, _ name: String) throws -> String {
        try directory.write(name, self)
    }
}
