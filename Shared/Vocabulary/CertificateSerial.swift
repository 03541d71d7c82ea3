/// The serial number of a certificate, which its authority gives to no other.
///
/// Written in hexadecimal as `openssl x509 -serial` prints it, without leading zeros.
package struct CertificateSerial: Hashable, Sendable {
    /// Upper case, an even number of digits.
    package let digits: String

    /// RFC 5280, 4.1.2.2: at most 20 bytes.
    private static let bytesMax = 20

    /// Reads hexadecimal digits of either case, with or without colons between the bytes.
    ///
    /// - Throws: ``CertificateSerialError`` where the text is no positive number of 20 bytes.
    package init(_ text: String) throws(CertificateSerialError) {
        let digits = text.utf8.filter { $0 != 0x3a }
        guard (1...2 * Self.bytesMax).contains(digits.count), text.utf8.count < 64 else {
            throw .notHexadecimal
        }
        var bytes: [UInt8] = []
        for (index, digit) in digits.reversed().enumerated() {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) else {
                throw .notHexadecimal
            }
            if index % 2 == 0 { bytes.append(value) } else { bytes[index / 2] |= value << 4 }
        }
        try self.init(bytes: bytes.reversed())
    }

    /// Takes the bytes of the number, the most significant first.
    package init(bytes: some Sequence<UInt8>) throws(CertificateSerialError) {
        let significant = Array(bytes.drop { $0 == 0 })
        guard (1...Self.bytesMax).contains(significant.count) else { throw .notHexadecimal }
        let alphabet = Array("0123456789ABCDEF".utf8)
        digits = String(
            decoding: significant.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] },
            as: UTF8.self)
    }
}

extension CertificateSerial: CustomStringConvertible {
    package var description: String { digits }
}

extension CertificateSerial: Codable {
    package init(from decoder: any Decoder) throws {
        do {
            try self.init(decoder.singleValueContainer().decode(String.self))
        } catch let error as CertificateSerialError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digits)
    }
}

/// Why a text is not a certificate's serial number.
package enum CertificateSerialError: Error, Hashable, Sendable, CustomStringConvertible {
    case notHexadecimal

    package var description: String {
        "a serial number is 1 to 40 hexadecimal digits and not 0, as `openssl x509 -serial` prints"
    }
}
