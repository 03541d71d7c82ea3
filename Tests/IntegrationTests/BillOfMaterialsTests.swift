import Foundation
import TestKit
import Testing

@Suite("The bill of materials", .timeLimit(.minutes(2)))
struct BillOfMaterialsTests {
    /// What CycloneDX 1.5 requires (bom-1.5.schema.json), and what is filled in beside it.
    private struct Bill: Decodable {
        struct Component: Decodable {
            let type: String
            let name: String
            let version: String
            let reference: String
            let purl: String?

            private enum CodingKeys: String, CodingKey {
                case type, name, version, purl
                case reference = "bom-ref"
            }
        }

        struct Metadata: Decodable {
            let timestamp: String
            let component: Component
        }

        struct Dependency: Decodable {
            let ref: String
            let dependsOn: [String]
        }

        let bomFormat: String
        let specVersion: String
        let serialNumber: String
        let version: Int
        let metadata: Metadata
        let components: [Component]
        let dependencies: [Dependency]
    }

    /// Prints the bill of the build that this test is a part of.
    private func printed() async throws -> String {
        let products = Cluster.products
        let build = products.deletingLastPathComponent().deletingLastPathComponent()
        let program = try await OtherProgram(
            PulihCommand.root + "/deploy/sbom", "--build", build.path, "--configuration",
            products.lastPathComponent)
        try #require(program.status == 0, "\(program.output)")
        return program.output
    }

    @Test("is one by the standard, names all packages with their versions, and is reproducible")
    func bill() async throws {
        let text = try await printed()
        let bill = try JSONDecoder().decode(Bill.self, from: Data(text.utf8))
        #expect(bill.bomFormat == "CycloneDX")
        #expect(bill.specVersion == "1.5")
        #expect(bill.version == 1)
        #expect(
            bill.serialNumber.wholeMatch(of: /urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)
                != nil)
        #expect(bill.metadata.timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        #expect(bill.metadata.component.type == "application")

        let types: Set<String> = [
            "application", "framework", "library", "container", "platform", "operating-system",
            "device", "device-driver", "firmware", "file", "machine-learning-model", "data",
        ]
        #expect(bill.components.allSatisfy { types.contains($0.type) && !$0.version.isEmpty })
        let references = bill.components.map(\.reference)
        #expect(Set(references).count == references.count)
        #expect(bill.dependencies.map(\.ref) == [bill.metadata.component.reference])
        #expect(bill.dependencies.flatMap(\.dependsOn) == references)

        // What the manifest asks for, in the versions that it asks for.
        let manifest = try String(
            contentsOfFile: PulihCommand.root + "/Package.swift", encoding: .utf8)
        let asked = manifest.matches(of: /\.package\(url: "https:\/\/([^"]+)", exact: "([^"]+)"\)/)
        #expect(asked.count >= 12)
        let purls = Set(bill.components.compactMap(\.purl))
        for package in asked {
            #expect(purls.contains("pkg:swift/\(package.1)@\(package.2)"))
        }
        let names = Set(bill.components.map(\.name))
        #expect(names.isSuperset(of: ["libssl3", "libsqlite3-0", "libc6", "swift"]))
        SecurityFigure.atLeast(
            "bill of materials components", bill.components.count, asked.count + 4)

        #expect(try await printed() == text)
    }
}
