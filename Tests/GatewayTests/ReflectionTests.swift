import ClinicalAPI
import EvaluationAPI
import Foundation
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("What the services say of their methods")
struct ReflectionTests {
    /// The places in a shape that tell less than there is.
    private func gaps(_ shape: Shape, _ path: String) -> [String] {
        var gaps: [String] = []
        if shape.kind == .unknown { gaps.append("\(path) is unknown (\(shape.type ?? "-"))") }
        if shape.incomplete == true { gaps.append("\(path) is cut off (\(shape.type ?? "-"))") }
        if shape.kind == .list || shape.kind == .dictionary, shape.entries?.count != 1 {
            gaps.append("\(path) has no entries")
        }
        for entry in shape.entries ?? [] { gaps += self.gaps(entry, path + "[]") }
        for field in shape.fields ?? [] { gaps += self.gaps(field.shape, path + "." + field.name) }
        return gaps
    }

    @Test("is whole: no field of any request or reply is unknown or cut off")
    func whole() {
        for method in KnownMethods.all {
            let described = MethodDescription(of: method)
            let found =
                gaps(described.request, "\(described.name) request")
                + gaps(described.reply, "\(described.name) reply")
            #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        }
    }
}
