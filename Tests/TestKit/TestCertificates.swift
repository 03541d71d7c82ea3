package import Authority
internal import Foundation
package import Vocabulary

/// A directory that is removed when the value goes away.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "pulih-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file that its owner alone can read, and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return file
    }

    /// Puts a file in the place of another at one moment.
    package func replace(_ file: String, with text: String) throws {
        let new = try write(UUID().uuidString, text)
        guard rename(new, file) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Sets who may read and write a file.
    package static func allow(_ mode: Int, on file: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }
}

/// A fresh authority and the files of the certificates it has issued.
package struct TestCertificates: Sendable {
    package static let domain = "pulih.test"

    package let directory: TemporaryDirectory
    package let authority: CertificateAuthority
    package let authorityFile: String

    package init() throws {
        directory = try TemporaryDirectory()
        authority = try CertificateAuthority(
            name: "Pulih test", notBefore: Date(timeIntervalSinceNow: -86_400),
            notAfter: Date(timeIntervalSinceNow: 86_400))
        authorityFile = try directory.write("ca.pem", authority.credential.certificate)
    }

    /// Issues a certificate, and writes it and its key to files.
    package func issue(
        _ request: CertificateRequest
    ) throws -> (certificate: String, key: String) {
        let credential = try authority.issue(request)
        let name = UUID().uuidString
        return (
            try directory.write(name + ".pem", credential.certificate),
            try directory.write(name + ".key", credential.key)
        )
    }

    /// A request for a certificate that is valid now, for loopback where no hosts are named.
    package static func request(
        _ identity: Identity, hosts: [String] = ["localhost", "127.0.0.1"]
    ) -> CertificateRequest {
        CertificateRequest(
            identity, hosts: hosts,
            notBefore: Date(timeIntervalSinceNow: -3600),
            notAfter: Date(timeIntervalSinceNow: 3600))
    }

    package static func service(_ name: ServiceName) -> Identity {
        .service(ServiceIdentity(domain: domain, name: name))
    }

    /// A member of staff of the test facility, or of the board where the role belongs there.
    package static func person(_ role: Role, code: String = "tester") -> Identity {
        let isBoard = [.boardCounselor, .boardHead, .aftercareOfficer].contains(role)
        return .person(
            PersonIdentity(
                domain: domain,
                affiliation: Affiliation(
                    kind: isBoard ? .institution : .facility,
                    code: isBoard ? "bnnk-pasuruan" : "rutan-kraksaan"),
                role: role, code: code))
    }
}
