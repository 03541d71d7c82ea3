import Foundation
import Shared
import TestKit
import Testing

/// The examples of `deploy` are what operators copy, so each is started once.
@Suite("The example settings")
struct ExamplesTests {
    private static let deploy = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("deploy")

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: deploy.appendingPathComponent(path), encoding: .utf8)
    }

    private func run(_ name: ServiceName, settings: String) throws -> (status: Int32, text: String)
    {
        let process = Process()
        process.executableURL = Cluster.products.appendingPathComponent("pulih-\(name.rawValue)")
        process.arguments = ["--config", settings, "--check"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test(
        "are accepted by their service, with nothing but paths changed",
        arguments: ServiceName.allCases)
    func accepted(name: ServiceName) throws {
        let certificates = try TestCertificates()
        let (certificate, key) = try certificates.issue(
            TestCertificates.request(TestCertificates.service(name)))
        let directory = certificates.directory
        let journalKey = try directory.write("journal.key", String(repeating: "5a", count: 32))
        let encryptionKey = try directory.write(
            "encryption.key", String(repeating: "a5", count: 32))
        let credentials = "/run/credentials/pulih@\(name.rawValue).service"
        var settings = try Self.text("examples/\(name.rawValue).json")
        let places = [
            "/etc/pulih/\(name.rawValue).pem": certificate, "\(credentials)/tls.key": key,
            "/etc/pulih/ca.pem": certificates.authorityFile,
            "\(credentials)/journal.key": journalKey,
            "\(credentials)/encryption.key": encryptionKey,
            "/var/lib/pulih-\(name.rawValue)": directory.path + "/store",
        ]
        for (example, place) in places {
            #expect(settings.contains("\"\(example)\""))
            settings = settings.replacingOccurrences(of: "\"\(example)\"", with: "\"\(place)\"")
        }
        let good = try run(name, settings: directory.write("settings.json", settings))
        #expect(good.status == 0, "\(good.text)")
        #expect(good.text.contains("are good"))

        let broken = settings.replacingOccurrences(of: "\"listen\"", with: "\"listens\"")
        let bad = try run(name, settings: directory.write("broken.json", broken))
        #expect(bad.status == 2)
        #expect(bad.text.contains("listens (from "))
        #expect(bad.text.contains("there is no such setting"))
    }

    @Test("name both other services, the witnesses", arguments: ServiceName.allCases)
    func peers(name: ServiceName) throws {
        let json =
            try JSONSerialization.jsonObject(
                with: Data(Self.text("examples/\(name.rawValue).json").utf8)) as? [String: Any]
        let peers = Set((json?["peers"] as? [String: String] ?? [:]).keys)
        #expect(peers == Set(ServiceName.allCases.filter { $0 != name }.map(\.rawValue)))
    }

    @Test("find what the unit puts in place")
    func unit() throws {
        let unit = try Self.text("systemd/pulih@.service")
        #expect(unit.contains("ExecStart=/usr/local/bin/pulih-%i --config /etc/pulih/%i.json\n"))
        #expect(unit.contains("StateDirectory=pulih-%i\n"))
        for credential in ["tls.key", "journal.key", "encryption.key"] {
            #expect(unit.contains("LoadCredential=\(credential):"))
        }
    }
}
