import CBOR
import Testing

private enum Color: String, Codable {
    case red
    case blue
}

private struct Thing: Codable {
    let color: Color
}

private struct Words: Codable {
    let color: String
}

@Suite("A word that no case of an enumeration has")
struct RawValueTests {
    @Test("is refused with the name of the type, and is not repeated")
    func refused() throws {
        let message = try CBOREncoder().encode(Words(color: "somebody's name"))
        do {
            _ = try CBORDecoder().decode(Thing.self, from: message)
            Issue.record("was taken")
        } catch {
            let text = "\(error)"
            #expect(text.contains("color") && text.contains("is not a Color"), "\(text)")
            #expect(!text.contains("somebody"), "\(text)")
        }
    }
}
