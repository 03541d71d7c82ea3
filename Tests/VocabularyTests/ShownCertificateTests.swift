import Testing
import Vocabulary

@Suite("What a certificate says of itself")
struct ShownCertificateTests {
    @Test("is kept without what could harm a terminal, a log or a table")
    func escaped() {
        let shown = ShownCertificate(
            subject: "/CN=a\u{1b}[2J\n\u{202e}b\\c", uris: ["spiffe://рulih\0"], serial: nil)
        #expect(shown.subject == #"/CN=a\u{1b}[2J\u{a}\u{202e}b\u{5c}c"#)
        #expect(shown.uris == [#"spiffe://\u{440}ulih\u{0}"#])
    }

    @Test("is kept no longer than a row may be, and says where it was cut")
    func bounded() {
        let long = String(repeating: "x", count: 100_000)
        let escaped = String(repeating: "\0", count: 100_000)
        let shown = ShownCertificate(
            subject: long, uris: [long, escaped, "third"], serial: nil)
        let texts = shown.uris + [shown.subject ?? ""]
        #expect(texts.count == 1 + ShownCertificate.urisMaximum)
        #expect(texts.allSatisfy { $0.count <= ShownCertificate.textMaximum })
        #expect(texts.allSatisfy { $0.hasSuffix("…") })
    }
}
