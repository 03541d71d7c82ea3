internal import COpenSSL
package import Vocabulary

/// Reads who a certificate names: exactly one URI among its alternative names.
enum PeerIdentity {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    static func of(_ certificate: OpaquePointer) throws(Problem) -> Identity {
        let uris = try uris(of: certificate)
        guard let uri = uris.first, uris.count == 1 else {
            throw Problem(
                description: "it has \(uris.count) URIs among its names; it must have exactly one")
        }
        do {
            return try Identity(uri: uri)
        } catch {
            throw Problem(description: error.description)
        }
    }

    /// The URIs among its alternative names.
    static func uris(of certificate: OpaquePointer) throws(Problem) -> [String] {
        guard let raw = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let names = OpaquePointer(raw)
        defer { GENERAL_NAMES_free(names) }
        var uris: [String] = []
        for index in 0..<pulih_GENERAL_NAMES_count(names) {
            guard let name = pulih_GENERAL_NAMES_at(names, index) else { continue }
            var type: Int32 = 0
            guard let value = GENERAL_NAME_get0_value(name, &type), type == GEN_URI else {
                continue
            }
            let string = value.assumingMemoryBound(to: ASN1_STRING.self)
            let length = Int(ASN1_STRING_length(string))
            guard let bytes = ASN1_STRING_get0_data(string), length >= 0,
                let text = String(
                    validating: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self),
                !text.utf8.contains(0)
            else { throw Problem(description: "a URI among its names is not text") }
            uris.append(text)
        }
        return uris
    }
}

/// Whom a connection is meant to reach or to take calls from.
package enum PeerRule: Hashable, Sendable {
    /// Anybody of the own trust domain: what a service takes.
    case trustDomain(String)
    /// One service of the own trust domain: what a caller wants.
    case service(ServiceIdentity)

    /// What stands against a peer; nil where nothing does.
    func problem(with identity: Identity) -> String? {
        switch self {
        case .trustDomain(let domain):
            identity.domain == domain ? nil : "it is of another trust domain"
        case .service(let service):
            identity == .service(service)
                ? nil : "it is not the service \(service.name.rawValue) of \(service.domain)"
        }
    }
}
