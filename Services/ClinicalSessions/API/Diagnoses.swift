internal import RPC
package import Vocabulary

/// An ICD-10 code of the block F10 to F19: disorders due to psychoactive substances.
///
/// Written as `F15`, `F15.2` or `F15.21`. Anything else is refused when read, so that no record
/// carries a diagnosis that the national recap cannot count.
package struct DiagnosisCode: Hashable, Sendable {
    package let text: String

    /// Reads a code; nil where it is not one of F10 to F19.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 3 || bytes.count == 5 || bytes.count == 6, bytes[0] == 0x46,
            bytes[1] == 0x31, Self.isDigit(bytes[2])
        else { return nil }
        if bytes.count > 3 {
            guard bytes[3] == 0x2e, bytes[4...].allSatisfy(Self.isDigit) else { return nil }
        }
        self.text = text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension DiagnosisCode: CustomStringConvertible {
    package var description: String { text }
}

extension DiagnosisCode: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let code = DiagnosisCode(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a diagnosis must be an ICD-10 code F10 to F19, as F15.2"))
        }
        self = code
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension DiagnosisCode: Exemplified {
    package static var examples: [DiagnosisCode] { [DiagnosisCode("F15.2")].compactMap { $0 } }
}

/// What a physician found a participant to have.
package struct Diagnosis: Codable, Hashable, Sendable {
    package let code: DiagnosisCode
    package let day: Day
    /// Always a physician.
    package let physician: Signatory

    package init(code: DiagnosisCode, day: Day, physician: Signatory) {
        self.code = code
        self.day = day
        self.physician = physician
    }
}
