import Foundation
import Shared

/// What an authority has issued, and what of it is revoked: lines of JSON that are only added to.
struct IssuedList {
    struct Certificate: Codable, Hashable {
        let serial: CertificateSerial
        /// The URI that names the holder.
        let identity: String
        let hosts: [String]
        let from: Timestamp
        let until: Timestamp
        let issuedAt: Timestamp
    }

    /// What somebody at the authority has noted of a revocation; the registry's journal decides.
    struct Revocation: Codable, Hashable {
        let serial: CertificateSerial?
        let identity: String?
        let issuedBefore: Timestamp?
        let notedAt: Timestamp

        var revoked: RevokedCertificates? {
            if let serial { return .one(serial) }
            if let identity, let issuedBefore { return .all(of: identity, before: issuedBefore) }
            return nil
        }
    }

    private struct Line: Codable {
        var issued: Certificate?
        var revoked: Revocation?
    }

    /// As it stands in the file.
    private(set) var text = ""
    private(set) var certificates: [Certificate] = []
    private(set) var revocations: [Revocation] = []

    init() {}

    /// - Throws: ``GatewayProblem`` naming the line that cannot be read.
    init(_ text: String) throws {
        for (index, line) in text.split(separator: "\n").enumerated() {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else {
                throw GatewayProblem(
                    "line \(index + 1) of \(AuthorityDirectory.listName) cannot be read; put the "
                        + "newest copy of the list back", .badData)
            }
            if let certificate = line.issued { certificates.append(certificate) }
            if let revocation = line.revoked { revocations.append(revocation) }
        }
        self.text = text
    }

    mutating func add(_ certificate: Certificate) throws {
        certificates.append(certificate)
        try add(Line(issued: certificate))
    }

    mutating func add(_ revocation: Revocation) throws {
        revocations.append(revocation)
        try add(Line(revoked: revocation))
    }

    private mutating func add(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        text += String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
    }

    // MARK: What it says

    var revoked: RevocationSet {
        revocations.compactMap(\.revoked).reduce(into: RevocationSet()) { set, revoked in
            _ = set.insert(revoked)
        }
    }

    /// The earliest moment from which a new certificate of a holder may be valid: one that begins
    /// before it would be revoked as well.
    ///
    /// Certificates have whole seconds.
    func earliest(for identity: String) -> Timestamp? {
        let moment = revocations.filter { $0.identity == identity }.compactMap(\.issuedBefore).max()
        return moment.map { moment in
            let seconds = (moment.microseconds + 999_999) / 1_000_000
            return Timestamp(microseconds: 0).adding(seconds: seconds)
        }
    }

    /// Those that end within some days from now, or ended no longer ago than that, and whose
    /// holder has no other that is good for longer.
    ///
    /// Who left has an old certificate for ever, so nobody is told of it for ever.
    func expiring(within days: Int, at now: Timestamp) -> [Certificate] {
        let window = Int64(days) * 86_400
        let revoked = revoked
        let good = certificates.filter { !revoked.contains($0.facts) }
        return good.filter { certificate in
            let end = certificate.until
            guard end <= now.adding(seconds: window), end >= now.adding(seconds: -window) else {
                return false
            }
            return !good.contains { other in
                other.identity == certificate.identity && other.until > end
            }
        }
    }
}

extension IssuedList.Certificate {
    var facts: CertificateFacts {
        CertificateFacts(serial: serial, identity: identity, validFrom: from)
    }
}
