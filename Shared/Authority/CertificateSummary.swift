package import Foundation
internal import SwiftASN1
package import Vocabulary
internal import X509

/// What a certificate says, as far as people who keep certificates need it.
package struct CertificateSummary: Hashable, Sendable {
    package let serial: CertificateSerial
    /// The URIs among its names: one for a holder, none for an authority.
    package let uris: [String]
    package let hosts: [String]
    package let notBefore: Date
    package let notAfter: Date

    /// Reads the first certificate of a PEM text; nil where there is none that can be read.
    package init?(pem: String) {
        guard let first = try? PEMDocument.parseMultiple(pemString: pem).first,
            let certificate = try? Certificate(pemDocument: first),
            let serial = try? CertificateSerial(bytes: certificate.serialNumber.bytes)
        else { return nil }
        self.serial = serial
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        var uris: [String] = []
        var hosts: [String] = []
        for name in (try? certificate.extensions.subjectAlternativeNames) ?? .init() {
            if case .uniformResourceIdentifier(let uri) = name { uris.append(uri) }
            if let host = HostName.text(of: name) { hosts.append(host) }
        }
        self.uris = uris
        self.hosts = hosts
    }
}
