import Authority
import Foundation
import Shared

/// The directory of an authority: `ca.pem`, `ca.key`, and the list of what it has issued.
struct AuthorityDirectory {
    static let listName = "issued.jsonl"
    /// Clocks differ: a certificate is valid from a little before it is issued.
    private static let backdatedSeconds: Int64 = 300

    let path: String

    private var listPath: String { "\(path)/\(Self.listName)" }

    /// Makes a new authority.
    static func make(at path: String, until: Timestamp) throws {
        try SafeFile.makeDirectory(path)
        let authority = try CertificateAuthority(
            name: "Pulih private authority",
            notBefore: SystemClock.now().adding(seconds: -backdatedSeconds).date,
            notAfter: until.date)
        let credential = try authority.credential
        let files = "\(path)/ca"
        do {
            // The key first: an authority that is there is never overwritten.
            try SafeFile.put(
                credential.key, at: files + ".key", mode: SafeFile.secret, replacing: false)
        } catch let problem as GatewayProblem where problem.status == .usage {
            throw GatewayProblem("\(path) has an authority already")
        }
        try SafeFile.put(credential.certificate, at: files + ".pem", mode: SafeFile.open)
        Console.note("wrote \(files).pem and \(files).key")
    }

    /// The authority's own certificate.
    func own() throws -> CertificateSummary {
        guard let summary = CertificateSummary(pem: try SafeFile.read("\(path)/ca.pem")) else {
            throw GatewayProblem("\(path)/ca.pem is not a certificate")
        }
        return summary
    }

    func list() throws -> IssuedList {
        guard FileManager.default.fileExists(atPath: listPath) else { return IssuedList() }
        return try IssuedList(SafeFile.read(listPath))
    }

    /// Issues a certificate for a request, and notes it in the list.
    ///
    /// The list has it before anybody else does: what is issued can always be revoked by its
    /// number. `confirm`: asked with what would be issued, and throws where it shall not be.
    func issue(
        _ request: SigningRequest, days: Int,
        confirm: (_ from: Timestamp, _ until: Timestamp) throws -> Void = { _, _ in }
    ) throws -> String {
        let authority = try authority()
        let holder = request.identity.description
        return try change { list in
            let now = SystemClock.now()
            let usual = now.adding(seconds: -Self.backdatedSeconds)
            let from = max(usual, list.earliest(for: holder) ?? usual)
            let until = now.adding(seconds: Int64(try PKIDays.checked(days)) * 86_400)
            guard until.date <= authority.notAfter else {
                let left = max(0, Timestamp(authority.notAfter).seconds(since: now) / 86_400)
                throw GatewayProblem(
                    "the authority itself ends in \(left) days, and nothing it issues holds "
                        + "longer; give fewer --days, or make a new authority")
            }
            try confirm(from, until)
            let certificate = try authority.sign(
                request, notBefore: from.date, notAfter: until.date)
            guard let summary = CertificateSummary(pem: certificate) else {
                throw GatewayProblem("the certificate cannot be read back", .other)
            }
            try list.add(
                IssuedList.Certificate(
                    serial: summary.serial, identity: holder, hosts: request.hosts,
                    from: Timestamp(summary.notBefore), until: Timestamp(summary.notAfter),
                    issuedAt: now))
            return certificate
        }
    }

    func note(_ revocation: IssuedList.Revocation) throws {
        try change { try $0.add(revocation) }
    }

    private func authority() throws -> CertificateAuthority {
        guard let certificate = try? SafeFile.read("\(path)/ca.pem"),
            let key = try? SafeFile.read("\(path)/ca.key")
        else { throw GatewayProblem("\(path) has no authority; run `pulih pki init`") }
        do {
            return try CertificateAuthority(Credential(certificate: certificate, key: key))
        } catch {
            throw GatewayProblem("\(path)/ca.pem and ca.key are not those of one authority")
        }
    }

    /// Adds to the list, whole or not at all, and one process after the other.
    private func change<Value>(_ body: (inout IssuedList) throws -> Value) throws -> Value {
        let lock = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw GatewayProblem("\(path) cannot be locked", .other)
        }
        defer { Foundation.close(lock) }
        var list = try list()
        let value = try body(&list)
        try SafeFile.put(list.text, at: listPath, mode: SafeFile.secret)
        return value
    }
}

extension Timestamp {
    init(_ date: Date) {
        self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
    }

    var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
