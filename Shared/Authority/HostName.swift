internal import Glibc
internal import SwiftASN1
internal import X509

/// Names by which a service is reached, as certificates have them.
package enum HostName {
    /// What is wrong with a name; nil for a host name of whole labels, or an address.
    package static func problem(_ host: String) -> String? {
        if address(host) != nil { return nil }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy(isPlain)
        }
        guard isName, host.utf8.count <= 253, !labels.isEmpty else {
            return "is neither a host name of letters, digits, dots and dashes nor an address"
        }
        // Else a mistyped address would pass for a name.
        guard labels.last?.allSatisfy(\.isNumber) == false else {
            return "is not an address, and no name ends in digits alone"
        }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d: true
        default: false
        }
    }

    /// An address where the text is one, a host name otherwise.
    static func generalName(of host: String) -> GeneralName {
        guard let bytes = address(host) else { return .dnsName(host) }
        return .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
    }

    /// The text of a name among a certificate's; nil for one of another kind.
    static func text(of name: GeneralName) -> String? {
        switch name {
        case .dnsName(let host): host
        case .ipAddress(let address): text(Array(address.bytes))
        default: nil
        }
    }

    /// The 4 or 16 bytes of an address; nil where the text is none.
    private static func address(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    private static func text(_ address: [UInt8]) -> String? {
        guard [4, 16].contains(address.count) else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = address.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, address, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
