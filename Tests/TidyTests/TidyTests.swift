import Foundation
import Testing

/// A rule that a line or a file must follow, and where.
struct TidyRule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What may not stand in a line.
    let forbidden: [String]
    /// Beginnings of the paths in which it may not; empty for everywhere.
    var under: [String] = []
    /// Parts of paths in which it may.
    var except: [String] = []
}

@Suite("The tree")
struct TidyTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Every Swift file below Services, Shared and Tests, by its path from the root.
    static let files: [String] = ["Services", "Shared", "Tests"].flatMap { folder -> [String] in
        let names = FileManager.default.enumerator(atPath: root + "/" + folder)
        return (names?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".swift") && !$0.contains(".build/") }
            .map { folder + "/" + $0 }
    }

    static func text(_ file: String) throws -> String {
        try String(contentsOfFile: root + "/" + file, encoding: .utf8)
    }

    static let pure = [
        "Services/Registry/Rules", "Services/ClinicalSessions/Rules", "Services/Evaluation/Rules",
        "Shared/Vocabulary", "Shared/Instruments", "Shared/Statistics", "Shared/Wire",
    ]

    static let rules = [
        TidyRule(
            testDescription: "decides without waiting", forbidden: [" async ", "await ", "Task {"],
            under: pure),
        TidyRule(
            testDescription: "decides without Foundation's world",
            forbidden: ["import Foundation\n"], under: pure),
        TidyRule(
            testDescription: "keeps SQL in queries and schemas",
            forbidden: ["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE"],
            under: ["Services", "Shared"],
            except: ["+Queries.swift", "Schema.swift", "Shared/Storage"]),
        TidyRule(
            testDescription: "keeps OpenSSL in one module", forbidden: ["import COpenSSL"],
            except: ["Shared/TLSTransport", "Tests/TidyTests"]),
        TidyRule(
            testDescription: "keeps the database in one module", forbidden: ["import GRDB"],
            except: ["Shared/Storage", "Tests/TidyTests"]),
        TidyRule(
            testDescription: "speaks to the operator at the edge only",
            forbidden: [" print(", "Foundation.exit("], under: ["Services", "Shared"],
            except: ["Services/Gateway", "Shared/Hosting", "Shared/Storage/Store.swift"]),
        TidyRule(
            testDescription: "reads the clock in one place", forbidden: ["Date()", "UUID()"],
            under: ["Services", "Shared"], except: ["Shared/Hosting", "Services/Gateway"]),
        TidyRule(
            testDescription: "shows nothing to other packages",
            forbidden: ["public func", "public struct", "public let", "public var", "public enum"],
            except: ["Tests/TidyTests"]),
        TidyRule(
            testDescription: "does not force", forbidden: ["try!", "as!", "fatalError("],
            except: ["Tests/TidyTests"]),
        TidyRule(
            testDescription: "starts no other program",
            forbidden: [
                "Process()", "Process.run(", " system(", "popen(", "posix_spawn", " fork()",
                "execv",
                "dlopen(",
            ], under: ["Services", "Shared"]),
        TidyRule(
            testDescription: "leaves nothing for later", forbidden: ["TODO", "FIXME", "XXX"],
            except: ["Tests/TidyTests"]),
        TidyRule(
            testDescription: "knows only the APIs of other services",
            forbidden: ["import RegistryServer", "import RegistryRules"],
            under: ["Services/ClinicalSessions", "Services/Evaluation", "Services/Gateway"]),
        TidyRule(
            testDescription: "knows only the APIs of other services (clinical)",
            forbidden: ["import ClinicalServer", "import ClinicalRules"],
            under: ["Services/Registry", "Services/Evaluation", "Services/Gateway"]),
    ]

    @Test("is read whole")
    func found() { #expect(Self.files.count > 100) }

    @Test("follows the rule that a line", arguments: rules)
    func rule(rule: TidyRule) throws {
        for file in Self.files {
            guard rule.under.isEmpty || rule.under.contains(where: file.hasPrefix),
                !rule.except.contains(where: file.contains)
            else { continue }
            let text = try Self.text(file)
            for word in rule.forbidden {
                #expect(!text.contains(word), "\(file) contains \(word)")
            }
        }
    }

    @Test("gives the reason for each escape hatch on its line")
    func hatches() throws {
        for file in Self.files where !file.contains("TidyTests") {
            for line in try Self.text(file).split(separator: "\n")
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                #expect(line.contains("//"), "\(file): \(line)")
            }
        }
    }

    @Test("has no long files, no drawers, and nothing more at the top")
    func shape() throws {
        for file in Self.files {
            let lines = try Self.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            // Code that a generator makes is as long as the generator makes it.
            let isGenerated = file.hasPrefix("Tests/Benchmarks/Peers/GRPCSwift/Messages/Generated/")
            #expect(lines.count <= 420 || isGenerated, "\(file) has \(lines.count) lines")
            let name = (file as NSString).lastPathComponent
            for drawer in ["Utils", "Helper", "Manager", "Common", "Extensions", "Constants"] {
                #expect(!name.contains(drawer), "\(file)")
            }
        }
        let agreed = ["Package.swift", "Services", "Shared", "Tests", "deploy", "README.md"]
        let top = try FileManager.default.contentsOfDirectory(atPath: Self.root)
            .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
        #expect(Set(top).isSubset(of: agreed), "\(top)")
    }
}
