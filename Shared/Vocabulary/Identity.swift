/// Who is at the other end of a connection, as its certificate says.
///
/// Written as a SPIFFE identifier in the one URI among the certificate's alternative names:
/// `spiffe://DOMAIN/service/NAME` or
/// `spiffe://DOMAIN/facility/CODE/role/ROLE/ID` (`institution` for those who belong to one).
package enum Identity: Hashable, Sendable {
    case service(ServiceIdentity)
    case person(PersonIdentity)

    /// Reads a SPIFFE identifier.
    ///
    /// - Throws: ``IdentityError`` naming the part that is wrong.
    package init(uri: String) throws(IdentityError) {
        guard uri.utf8.count <= 2048, uri.hasPrefix("spiffe://") else { throw .notSPIFFE }
        let parts = uri.dropFirst("spiffe://".utf8.count).split(
            separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isPlain) }) else {
            throw .malformedPath
        }
        let domain = parts.first.map(String.init) ?? ""
        if parts.count == 3, parts[1] == "service" {
            guard let name = ServiceName(rawValue: String(parts[2])) else { throw .unknownService }
            self = .service(ServiceIdentity(domain: domain, name: name))
            return
        }
        guard parts.count == 6, parts[3] == "role",
            let kind = Affiliation.Kind(rawValue: String(parts[1]))
        else { throw .malformedPath }
        guard let role = Role(rawValue: String(parts[4])) else { throw .unknownRole }
        let affiliation = Affiliation(kind: kind, code: String(parts[2]))
        self = .person(
            PersonIdentity(
                domain: domain, affiliation: affiliation, role: role, code: String(parts[5])))
    }

    /// The trust domain: who issued the identity.
    package var domain: String {
        switch self {
        case .service(let service): service.domain
        case .person(let person): person.domain
        }
    }

    /// SPIFFE allows letters, digits, dot, dash and underscore in a path.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }
}

extension Identity: CustomStringConvertible {
    /// The SPIFFE identifier.
    package var description: String {
        switch self {
        case .service(let service):
            "spiffe://\(service.domain)/service/\(service.name.rawValue)"
        case .person(let person):
            "spiffe://\(person.domain)/\(person.affiliation.kind.rawValue)/"
                + "\(person.affiliation.code)/role/\(person.role.rawValue)/\(person.code)"
        }
    }
}

/// One of the three services.
package struct ServiceIdentity: Hashable, Sendable {
    package let domain: String
    package let name: ServiceName

    package init(domain: String, name: ServiceName) {
        self.domain = domain
        self.name = name
    }
}

/// The three services by name.
package enum ServiceName: String, Codable, Hashable, Sendable, CaseIterable {
    case registry
    case clinical
    case evaluation
}

/// A member of staff as their certificate names them.
package struct PersonIdentity: Hashable, Sendable {
    package let domain: String
    package let affiliation: Affiliation
    package let role: Role
    /// The staff code within their facility or institution.
    package let code: String

    package init(domain: String, affiliation: Affiliation, role: Role, code: String) {
        self.domain = domain
        self.affiliation = affiliation
        self.role = role
        self.code = code
    }
}

/// Where a member of staff belongs: a detention facility or a partner institution.
package struct Affiliation: Codable, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case facility
        case institution
    }

    package let kind: Kind
    /// The code by which the registry knows it, such as `rutan-kraksaan` or `bnnk-pasuruan`.
    package let code: String

    package init(kind: Kind, code: String) {
        self.kind = kind
        self.code = code
    }

    package var description: String { "\(kind.rawValue)/\(code)" }
}

/// Why a certificate's URI is not an identity here.
package enum IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    case notSPIFFE
    case malformedPath
    case unknownService
    case unknownRole

    package var description: String {
        switch self {
        case .notSPIFFE: "the identity is not a spiffe:// URI"
        case .malformedPath:
            "the identity is neither service/NAME nor facility|institution/CODE/role/ROLE/ID"
        case .unknownService: "the identity names a service that does not exist here"
        case .unknownRole: "the identity names a role that does not exist here"
        }
    }
}
