import Foundation
import RPC
import RegistryAPI
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("What somebody wrote about a person", .timeLimit(.minutes(5)))
struct CanariesTests {
    @Test("is in no log, no error, no meter, no file and no core of the services or the command")
    func canaries() async throws {
        let count = SecurityFigure.isFull ? 1000 : 100
        let site = try Telltale(Loopback())
        let town = try await Town(at: site)
        let canaries = Canaries()
        _ = try await MasterData.record(in: town)

        var places: [(name: String, content: Data)] = []
        func look(_ name: String, _ text: String) { places.append((name, Data(text.utf8))) }
        let notes = try await askBadly(town, canaries)
        for (number, text) in notes.enumerated() { look("notes of command \(number + 1)", text) }
        // Two of five are stored, the others turned down.
        while canaries.planted < count * 2 / 5 {
            try await PlantedLife(town: town, canaries: canaries).plant()
        }
        let failures = try await PlantedRequests(town: town, canaries: canaries)
            .plant(upTo: count)
        #expect(failures.count > count / 10)
        for failure in failures { look("an error: \(failure.code)", "\(failure)") }
        for text in try await askAboutServices(town) { look("meters and methods", text) }

        // They crash, and leave what they may.
        for service in town.services.values {
            kill(service.id, SIGSEGV)
            _ = service.stop()
        }
        places += try files(of: town.cluster, site)
        // What is looked for would be found.
        #expect(!CanarySearch.hits(in: Data("x\(canaries.text())".utf8)).isEmpty)
        #expect(places.contains { $0.name.hasSuffix("clinical.log") && $0.content.count > 1000 })

        var found = 0
        for (name, content) in places {
            let hits = CanarySearch.hits(in: content)
            found += hits.values.reduce(0, +)
            #expect(
                hits.isEmpty,
                "\(name): \(hits): \(String(decoding: content.prefix(400), as: UTF8.self))")
        }
        SecurityFigure.none("canaries found", found, of: canaries.planted)
        #expect(canaries.planted >= count)
    }

    /// The files that services and authority have made, with their cores.
    private func files(
        of cluster: Cluster, _ site: Telltale<Loopback>
    ) throws -> [(name: String, content: Data)] {
        var directories = [
            site.directory.path, cluster.certificates.directory.path, cluster.directory.path,
        ]
        let pattern = try String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)
        // A pipe's program puts them where systemd's would.
        let cores =
            pattern.hasPrefix("/")
            ? (pattern as NSString).deletingLastPathComponent : "/var/lib/systemd/coredump"
        directories += [cores, "/var/crash"]
        return directories.flatMap(CanarySearch.files(below:))
            .map { (name: $0.path, content: $0.content) }
    }

    /// What services say about themselves, by the command.
    private func askAboutServices(_ town: Town) async throws -> [String] {
        let administrator = try PulihCommand(town.cluster, as: .administrator)
        var texts: [String] = []
        for service in ServiceName.allCases {
            for arguments in [["metrics"], ["list"], ["ping"]] {
                let answer = try await administrator.run(["rpc"] + arguments + [service.rawValue])
                #expect(answer.status == 0, "\(answer.notes)")
                texts += [answer.output, answer.notes]
            }
        }
        let health = try await administrator.run("health", "--explain")
        return texts + [health.output, health.notes]
    }

    /// Uses the command as somebody does who is in a hurry, and returns what it says of that.
    private func askBadly(_ town: Town, _ canaries: Canaries) async throws -> [String] {
        let (text, nik) = (canaries.text, canaries.nik)
        let file = try town.cluster.certificates.directory.write("request.json", "{}")
        // What people hand to the command is theirs; it is away before files are searched.
        defer { try? FileManager.default.removeItem(atPath: file) }
        func write(_ content: String) throws -> String {
            try Data(content.utf8).write(to: URL(fileURLWithPath: file))
            return file
        }
        let register = ["participant", "register", "facilityCode=rutan-kraksaan"]
        let id = "01890a5d-ac96-774b-bcce-b302099a8057"
        let registrar = try PulihCommand(town.cluster, as: .registrar)
        var notes: [String] = []
        func run(_ arguments: [String], as command: PulihCommand? = nil) async throws {
            let result = try await (command ?? registrar).run(arguments)
            #expect(result.status != 0, "\(arguments)")
            notes.append(result.notes)
        }
        // Fields that are wrong, missing or not fields.
        try await run(register + ["identity.name=\(text())", "identity.sex=\(text())"])
        try await run(register + ["identity.name=\(text())", "identity.nik=\(try nik().digits)7"])
        try await run(
            register + ["identity.name=\(text())", "identity.birthDate=\(text())", "--explain"])
        try await run(register + [text()])
        try await run(register + ["--key", text(), "identity.name=\(text())"])
        try await run(["note", "write", "participant=\(text())", "text=\(text())"])
        try await run(["note", "write", "participant=\(id)", "text=\(text())", "kind=\(text())"])
        try await run(["rpc", "call", "registry.participant.list", "limit=\(text())"])
        // Files that are no requests.
        try await run(register + ["-f", try write(#"{"identity": {"name": "\#(text())", "#)])
        try await run(register + ["-f", try write(#"{"identity": "\#(text())"}"#)])
        try await run(["rpc", "call", "clinical.note.write", "-f", try write("\"\(text())\"")])
        // Words too many, and people who are nobody.
        try await run(["dossier", text()])
        try await run(["dossier", text(), text()])
        try await run(["dossier", try nik().digits])
        try await run(["access-log", text(), "--zone", text()])
        try await run(["caseload", "--timeout", text()])
        try await run(["rpc", "ping", "registry", text()])
        // Whoever may not, and services that do not answer.
        let guardian = try PulihCommand(town.cluster, as: .security)
        try await run(["note", "write", "participant=\(id)", "text=\(text())"], as: guardian)
        let lost = try PulihCommand(
            town.cluster, as: .counselor,
            replacing: [.clinical: .init(host: "127.0.0.1", port: 1)])
        try await run(["alert", "raise", "participant=\(id)", "reason=\(text())"], as: lost)
        return notes
    }
}
