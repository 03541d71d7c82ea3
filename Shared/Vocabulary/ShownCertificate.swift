/// What a certificate says of itself, as far as it can be read.
///
/// Whoever shows one that is refused wrote it, so nothing of it is true, and each text is bounded
/// and escaped: it is kept, printed and compared without harm.
package struct ShownCertificate: Codable, Hashable, Sendable {
    /// The most characters of a text; what is longer ends in `…`.
    package static let textMaximum = 160
    /// The most URIs that are kept; a good certificate has one.
    package static let urisMaximum = 2

    /// The subject's name, as `openssl x509 -nameopt compat` writes it.
    package let subject: String?
    /// The URIs among the alternative names: who somebody says they are.
    package let uris: [String]
    /// Absent where it is no number that an authority may give.
    package let serial: CertificateSerial?

    package init(subject: String?, uris: [String], serial: CertificateSerial?) {
        self.subject = subject.map(Self.harmless)
        self.uris = uris.prefix(Self.urisMaximum).map(Self.harmless)
        self.serial = serial
    }

    /// Printable ASCII as it is, and everything else as `\u{…}`.
    private static func harmless(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            let isPlain = (0x20...0x7e).contains(scalar.value) && scalar != "\\"
            let next = isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
            guard safe.count + next.count < textMaximum else { return safe + "…" }
            safe += next
        }
        return safe
    }
}
