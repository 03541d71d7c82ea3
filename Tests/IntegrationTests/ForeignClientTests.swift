import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("A client in another language, written from the specification", .timeLimit(.minutes(1)))
struct ForeignClientTests {
    private func run(
        _ cluster: Cluster, _ service: RunningService, as role: Role, _ arguments: String...
    ) throws -> (status: Int32, output: String, notes: String) {
        let (certificate, key) = try cluster.certificates.issue(
            TestCertificates.request(TestCertificates.person(role)))
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("client.py").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            [
                script, "127.0.0.1", "\(service.port)", cluster.certificates.authorityFile,
                certificate, key,
            ] + arguments
        let (output, notes) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = notes
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let text = notes.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: data, as: UTF8.self),
            String(decoding: text, as: UTF8.self)
        )
    }

    @Test("asks for health and reads records over mutual TLS")
    func reads() async throws {
        let cluster = try Cluster()
        let service = try await cluster.start(.registry)
        defer { service.kill() }
        let health = try run(cluster, service, as: .counselor, "rpc.health.check")
        #expect(health.status == 0, "\(health.notes)")
        #expect(health.output.contains("\"registry\""))
        let facility = Facility(
            id: .random(at: Timestamp(microseconds: 1)), code: "rutan-kraksaan",
            name: "Rutan Kraksaan", zone: .wib)
        _ = try await cluster.caller(.administrator, of: service).call(
            AddFacility(facility: facility))
        let list = try run(cluster, service, as: .counselor, "registry.facility.list")
        #expect(list.status == 0, "\(list.notes)")
        #expect(list.output.contains("Rutan Kraksaan"))
        #expect(list.output.contains(facility.id.description))
    }

    @Test("is told the status and the reason when it is refused")
    func refused() async throws {
        let cluster = try Cluster()
        let service = try await cluster.start(.registry)
        defer { service.kill() }
        let list = try run(cluster, service, as: .auditor, "registry.participant.list")
        #expect(list.status == 1)
        #expect(list.notes.contains("status 7"))
        let missing = try run(cluster, service, as: .auditor, "registry.nothing.here")
        #expect(missing.notes.contains("status 12"))
    }
}
