import Foundation
import Vocabulary

/// Names, numbers and notes of nobody, each used once, that are found wherever they come to lie.
final class Canaries {
    /// In every text; no other text of the project has it.
    static let word = "Zyqkanariqz"
    /// At the beginning of every NIK: a region that does not exist, and the first of January 1990.
    static let digits = "990099010190"

    private(set) var planted = 0
    private var numbers = 0

    /// A text that nothing else says.
    func text() -> String {
        planted += 1
        return "\(Self.letters(planted)) \(Self.word) \(Self.letters(planted * 7919))"
    }

    /// A well-formed number that nobody has.
    func nik() throws -> NationalID {
        planted += 1
        numbers += 1
        return try NationalID(Self.digits + String(String(10_000 + numbers).suffix(4)))
    }

    /// A number in letters, so that a name is one.
    private static func letters(_ number: Int) -> String {
        var rest = number
        var letters = ""
        repeat {
            letters += ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu"][rest % 10]
            rest /= 10
        } while rest > 0
        return letters
    }
}

/// Finds canaries in bytes, in each form in which a program may have written them.
enum CanarySearch {
    struct Needle {
        let form: String
        let bytes: Data
    }

    static let needles: [Needle] = [
        Canaries.word, Canaries.word.lowercased(), Canaries.word.uppercased(), Canaries.digits,
    ].flatMap(forms)

    private static func forms(of text: String) -> [Needle] {
        let bytes = Data(text.utf8)
        let hexadecimal = bytes.map { String(format: "%02x", $0) }.joined()
        var needles = [
            Needle(form: "UTF-8", bytes: bytes),
            Needle(form: "UTF-16LE", bytes: Data(text.utf16.flatMap { [UInt8($0 & 0xff), 0] })),
            Needle(form: "UTF-16BE", bytes: Data(text.utf16.flatMap { [0, UInt8($0 & 0xff)] })),
            Needle(form: "hex", bytes: Data(hexadecimal.utf8)),
            Needle(form: "HEX", bytes: Data(hexadecimal.uppercased().utf8)),
        ]
        // Base64 writes a text in three ways, by where it begins; the letters at the edges hang on
        // its neighbors.
        for before in 0..<3 {
            let whole = (Data(repeating: 0, count: before) + bytes).base64EncodedString()
            let first = (before * 8 + 5) / 6
            let last = (before + bytes.count) * 8 / 6
            let inside = whole.prefix(last).dropFirst(first)
            needles.append(Needle(form: "base64", bytes: Data(inside.utf8)))
        }
        return needles
    }

    /// How often canaries are in some bytes, by form.
    static func hits(in data: Data) -> [String: Int] {
        var hits: [String: Int] = [:]
        for needle in needles {
            var rest = data[...]
            while let found = rest.range(of: needle.bytes) {
                hits[needle.form, default: 0] += 1
                rest = rest[found.upperBound...]
            }
        }
        return hits
    }

    /// Every file below a directory, with what it holds.
    static func files(below directory: String) -> [(path: String, content: Data)] {
        let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String }
        return (names ?? []).compactMap { name in
            let path = "\(directory)/\(name)"
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                !isDirectory.boolValue, let content = FileManager.default.contents(atPath: path)
            else { return nil }
            return (path, content)
        }
    }
}
