import Testing
import Vocabulary

@Suite("What is revoked")
struct RevokedCertificatesTests {
    @Test(
        "is named by serial numbers as programs print them",
        arguments: [
            ("0a1B", "0A1B"), ("a:1b", "0A1B"), ("00:00:7f", "7F"), ("f", "0F"),
            (String(repeating: "ff", count: 20), String(repeating: "FF", count: 20)),
        ])
    func serial(text: String, digits: String) throws {
        #expect(try CertificateSerial(text).digits == digits)
        #expect(try CertificateSerial(CertificateSerial(text).digits).digits == digits)
    }

    @Test(
        "is not named by anything else",
        arguments: [
            "", "0", "00:00", "xyz", "-1", "0x1f", "1 2", String(repeating: "f", count: 41),
        ])
    func noSerial(text: String) {
        #expect(throws: CertificateSerialError.self) { try CertificateSerial(text) }
    }

    @Test("is one certificate, or all of a holder from before a moment, and never less than before")
    func set() throws {
        let moment = Timestamp(microseconds: 1_000_000_000)
        let (melati, siti) = ("spiffe://pulih.test/melati", "spiffe://pulih.test/siti")
        func certificate(_ serial: String, _ holder: String, _ seconds: Int64) throws
            -> CertificateFacts
        {
            CertificateFacts(
                serial: try CertificateSerial(serial), identity: holder,
                validFrom: moment.adding(seconds: seconds))
        }
        var set = RevocationSet()
        func add(_ revoked: RevokedCertificates) -> Bool { set.insert(revoked) }
        #expect(!set.contains(try certificate("1", melati, -1)))
        #expect(add(.one(try CertificateSerial("1"))))
        #expect(!add(.one(try CertificateSerial("01"))))
        #expect(set.contains(try certificate("1", melati, -1)))
        #expect(!set.contains(try certificate("2", melati, -1)))

        #expect(add(.all(of: melati, before: moment)))
        #expect(set.contains(try certificate("2", melati, -1)))
        #expect(!set.contains(try certificate("3", melati, 0)))
        #expect(!set.contains(try certificate("2", siti, -1)))
        // An earlier moment takes nothing back; a later one adds.
        #expect(!add(.all(of: melati, before: moment.adding(seconds: -5))))
        #expect(set.contains(try certificate("2", melati, -1)))
        #expect(add(.all(of: melati, before: moment.adding(seconds: 5))))
        #expect(set.contains(try certificate("3", melati, 0)))
    }
}
