import ClinicalAPI
import EvaluationAPI
import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("What is taken out into files, by the command", .timeLimit(.minutes(2)))
struct ExportsTests {
    private let statement = "PEMBERITAHUAN: Catatan ini dilindungi kerahasiaannya"

    private func object(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    /// The number of the document on a print.
    private func number(_ text: String) throws -> String {
        try String(#require(text.firstMatch(of: /Dokumen ([0-9a-f]{32}); diambil oleh/)).1)
    }

    @Test("says of itself what it is, in every row, and is found again in the access log")
    func exports() async throws {
        let town = try await Town()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let admission = try Admission(await MasterData.record(in: town))
        let enrollment = try await admission.record(in: town)
        _ = try await town.call(enrollment, as: .programManager)
        let participant = admission.participant
        _ = try await town.onceHeard(
            EvaluationTimeline(participant: participant), as: .counselor, despite: [])
        _ = try await town.onceHeard(
            GetPlan(participant: participant), as: .counselor, despite: [])
        let command = try PulihCommand(town.cluster, as: .physician)

        // A noun's list, a call by hand, and the questions to all services at once.
        let csv = try await command.run("participant", "list", "-o", "csv")
        #expect(csv.status == 0, "\(csv.notes)")
        let rows = csv.output.split(separator: "\n")
        #expect(rows.first?.hasSuffix(",pemberitahuan,tanda_air") == true)
        #expect(rows.count > 1)
        for row in rows.dropFirst() {
            #expect(row.contains(statement))
            #expect(
                row.contains("diambil oleh tenaga medis tester (rutan-kraksaan); pada 20"))
            #expect(row.contains("bagian: identitas; tujuan: perawatan; dasar: UU 27/2022"))
        }
        let byHand = try await command.run(
            "rpc", "call", "clinical.urinetest.list", "participant=\(participant)",
            "purpose=clinical")
        #expect(byHand.status == 0, "\(byHand.notes)")
        let mark = try #require(try object(byHand.output)["redisclosure"] as? [String: String])
        #expect(mark["notice"]?.hasPrefix(statement) == true)
        #expect(mark["watermark"]?.contains("bagian: klinis; tujuan: perawatan") == true)
        #expect(try object(byHand.output)["tests"] is [Any])
        let dossier = try await command.run("dossier", "\(participant)", "-o", "json", "--explain")
        #expect(dossier.status == 0, "\(dossier.notes)")
        #expect(try object(dossier.output)["lines"] is [Any])
        // A call that is followed by the services' logs is followed by the same number.
        #expect(dossier.notes.contains("traceparent 00-\(try number(dossier.output))-"))
        // What goes into a file as a table has it too.
        let table = try await command.run("caseload")
        #expect(table.output.contains("in treatment") && table.output.contains(statement))

        let log = try await PulihCommand(town.cluster, as: .facilityHead).run(
            "access-log", "\(participant)", "-o", "csv")
        let lines = log.output.split(separator: "\n")
        func services(reading deed: String, for text: String) throws -> [Substring] {
            let number = try number(text)
            return lines.filter { $0.contains(number) && $0.contains(",\(deed),read,") }
                .map { $0.split(separator: ",")[1] }
        }
        #expect(
            try services(reading: "registry.participant.list", for: csv.output) == ["registry"])
        #expect(
            try services(reading: "clinical.urinetest.list", for: byHand.output) == ["clinical"])
        let timelines = try ServiceName.allCases.flatMap {
            try services(reading: "\($0.rawValue).participant.timeline", for: dossier.output)
        }
        #expect(timelines == ["registry", "clinical", "evaluation"])
        // The log is one as well, of another number.
        #expect(lines.dropFirst().allSatisfy { $0.contains(statement) })
        #expect(try number(log.output) != number(dossier.output))
    }

    @Test("says nothing where it has nobody in it")
    func impersonal() async throws {
        let town = try await Town()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        _ = try await MasterData.record(in: town)
        let command = try PulihCommand(town.cluster, as: .programManager)
        for arguments in [
            ["facility", "list", "-o", "csv"], ["program", "list", "-o", "json"], ["health"],
            ["rpc", "call", "registry.agreement.list"], ["effectiveness", "-o", "csv"],
            ["effectiveness", "-o", "json"], ["access", "matrix", "-o", "csv"],
        ] {
            let result = try await command.run(arguments)
            #expect(result.status == 0, "\(arguments): \(result.notes)")
            #expect(!result.output.isEmpty)
            for word in ["PEMBERITAHUAN", "Dokumen ", "tanda_air", "redisclosure"] {
                #expect(!result.output.contains(word), "\(arguments)")
            }
        }
    }
}
