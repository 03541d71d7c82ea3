import Authority
import Foundation
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("pulih pki", .timeLimit(.minutes(1)))
struct PKITests {
    private let command: PulihCommand
    /// The machine of the authority, and that of a holder.
    private let authority: TemporaryDirectory
    private let desk: TemporaryDirectory

    init() async throws {
        command = try PulihCommand(try Cluster(), as: .administrator)
        authority = try TemporaryDirectory()
        desk = try TemporaryDirectory()
        let made = try await command.run("pki", "init", "--directory", authority.path)
        #expect(made.status == 0, "\(made.notes)")
    }

    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    private func read(_ file: String) throws -> String {
        try String(contentsOfFile: file, encoding: .utf8)
    }

    private func request(_ name: String, _ more: String...) async throws -> PulihCommand.Result {
        try await command.run(["pki", "request", name, "--directory", desk.path] + more)
    }

    private func sign(_ name: String, _ more: String...) async throws -> PulihCommand.Result {
        try await command.run(
            ["pki", "sign", "\(desk.path)/\(name).csr", "--directory", authority.path] + more)
    }

    /// Names the same person in every request.
    private let siti = ["--role", "registrar", "--facility", "rutan-kraksaan"]

    private func requestSiti() async throws -> PulihCommand.Result {
        try await command.run(["pki", "request", "siti", "--directory", desk.path] + siti)
    }

    @Test("makes a key that stays where it is made, and signs what was asked for with it")
    func flow() async throws {
        let asked = try await request("registry", "--host", "registry.test", "--host", "127.0.0.1")
        #expect(asked.status == 0, "\(asked.notes)")
        let files = try FileManager.default.contentsOfDirectory(atPath: desk.path)
        #expect(Set(files) == ["registry.key", "registry.csr"])
        #expect(try mode("\(desk.path)/registry.key") == 0o600)
        #expect(try !read("\(desk.path)/registry.csr").contains("PRIVATE"))

        let unseen = try await sign("registry")
        #expect(unseen.status == 2)
        #expect(unseen.notes.contains("say --yes"), "\(unseen.notes)")
        #expect(unseen.notes.contains("spiffe://pulih.local/service/registry"))
        #expect(unseen.notes.contains("registry.test, 127.0.0.1"))
        #expect(!FileManager.default.fileExists(atPath: "\(desk.path)/registry.pem"))
        let signed = try await sign("registry", "--yes")
        #expect(signed.status == 0, "\(signed.notes)")
        // Both print the same key, so that people can compare it.
        let key = try #require(asked.notes.split(separator: "\n").last).split(separator: " ").last
        #expect(signed.notes.contains(try #require(key)))
        #expect(try !read("\(authority.path)/issued.jsonl").contains("PRIVATE"))

        let context = try TLSContext(
            role: .service,
            files: TLSFiles(
                certificate: "\(desk.path)/registry.pem", key: "\(desk.path)/registry.key",
                authorities: "\(authority.path)/ca.pem"))
        #expect(context.problemWithOwnCertificate() == nil)
        #expect(context.identity?.description == "spiffe://pulih.local/service/registry")
        #expect(context.serial.first.map { ("4"..."7").contains($0) } == true)

        let again = try await request("registry", "--host", "registry.test")
        #expect(again.status == 2)
        #expect(again.notes.contains("is there already"), "\(again.notes)")
        let before = try read("\(desk.path)/registry.key")
        let renewed = try await command.run(
            "pki", "renew", "registry", "--directory", desk.path)
        #expect(renewed.status == 0, "\(renewed.notes)")
        #expect(try await sign("registry", "--yes").status == 0)
        #expect(try read("\(desk.path)/registry.key") == before)
        let list = try await command.run(
            "pki", "list", "--directory", authority.path, "-o", "json")
        #expect(list.output.components(separatedBy: "service/registry").count == 3)
    }

    @Test("does not sign what it should not")
    func refused() async throws {
        #expect(try await request("gateway", "--host", "a.test").status == 2)
        #expect(try await request("registry").notes.contains("needs the hosts"))
        #expect(try await request("registry", "--host", "a_b").notes.contains("host name"))
        #expect(try await request("registry", "--host", "10.0.0.256").notes.contains("address"))
        let warden = try await request(
            "siti", "--role", "warden", "--facility", "rutan-kraksaan")
        #expect(warden.notes.contains("the roles are"))

        #expect(try await requestSiti().status == 0)
        let other = try await sign("siti", "--yes", "--domain", "other.test")
        #expect(other.status == 9)
        #expect(other.notes.contains("trust domain"), "\(other.notes)")
        // A byte of what was signed is changed.
        let good = try read("\(desk.path)/siti.csr")
        var lines = good.split(separator: "\n").map(String.init)
        let body = Data(base64Encoded: lines.dropFirst().dropLast().joined()) ?? Data()
        let old = Data("registrar".utf8)
        var changed = body
        changed.replaceSubrange(try #require(changed.range(of: old)), with: Data("physician".utf8))
        lines = [
            lines[0], changed.base64EncodedString(options: .lineLength64Characters),
            lines[lines.count - 1],
        ]
        try desk.write("siti.csr", lines.joined(separator: "\n") + "\n")
        let forged = try await sign("siti", "--yes")
        #expect(forged.status == 9)
        #expect(forged.notes.contains("its own key has not signed it"), "\(forged.notes)")
        try desk.write("siti.csr", "nothing")
        #expect(try await sign("siti", "--yes").notes.contains("not a certificate signing request"))
        #expect(!FileManager.default.fileExists(atPath: "\(authority.path)/issued.jsonl"))
        try desk.write("siti.csr", good)
        let long = try await sign("siti", "--yes", "--days", "5000")
        #expect(long.notes.contains("the authority itself ends"), "\(long.notes)")
        #expect(try await sign("siti", "--yes").status == 0)
    }

    @Test("lists what is issued, and tells a timer what ends soon")
    func list() async throws {
        func expiring(_ days: String) async throws -> PulihCommand.Result {
            try await command.run(
                "pki", "list", "--directory", authority.path, "--expiring", days)
        }
        #expect(try await requestSiti().status == 0)
        #expect(try await sign("siti", "--yes", "--days", "5").status == 0)
        #expect(try await expiring("4").status == 0)
        let soon = try await expiring("6")
        #expect(soon.status == 12)
        #expect(soon.output.contains("role/registrar/siti"), "\(soon.output)")
        // A successor that holds for longer: nobody needs to be told.
        #expect(try await sign("siti", "--yes", "--days", "90").status == 0)
        #expect(try await expiring("6").status == 0)
        let far = try await expiring("3651")
        #expect(far.status == 12)
        #expect(far.output.contains("the authority itself"))
    }

    @Test("notes what is revoked, and lets a new certificate begin after that")
    func revoked() async throws {
        #expect(try await requestSiti().status == 0)
        #expect(try await sign("siti", "--yes").status == 0)
        let holder = "spiffe://pulih.local/facility/rutan-kraksaan/role/registrar/siti"
        let noted = try await command.run(
            "pki", "note-revoked", holder, "--directory", authority.path)
        #expect(noted.status == 0, "\(noted.notes)")
        let moment = Date(timeIntervalSinceNow: -2)
        #expect(try await sign("siti", "--yes").status == 0)
        let pem = try read("\(desk.path)/siti.pem")
        let summary = try #require(CertificateSummary(pem: pem))
        #expect(summary.notBefore >= moment)
        let list = try await command.run("pki", "list", "--directory", authority.path, "-o", "csv")
        let states = list.output.split(separator: "\n").compactMap { $0.split(separator: ",").last }
        #expect(states == ["state", "valid", "revoked", "valid"], "\(list.output)")
        let wrong = try await command.run(
            "pki", "note-revoked", "siti", "--directory", authority.path)
        #expect(wrong.status == 2)
    }

    @Test("loses nothing from its list where several sign at the same time")
    func together() async throws {
        let codes = (1...8).map { "staff\($0)" }
        let path = authority.path
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for code in codes {
                // Each has files of its own for what it prints.
                let command = try PulihCommand(try Cluster(), as: .administrator)
                let arguments = ["pki", "issue-person", code, "--directory", path] + siti
                group.addTask { try await command.run(arguments).status }
            }
            for try await status in group { #expect(status == 0) }
        }
        let list = try await command.run("pki", "list", "--directory", path, "-o", "csv")
        for code in codes { #expect(list.output.contains("/\(code),"), "\(code)") }
        #expect(try mode("\(path)/issued.jsonl") == 0o600)
        let leftOver = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".new") }
        #expect(leftOver.isEmpty)
    }
}
