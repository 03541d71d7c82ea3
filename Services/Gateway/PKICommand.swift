import ArgumentParser
import Authority
import Foundation
import Shared

/// `pulih pki`: a private authority for trial and test.
struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki", abstract: "A private certificate authority for trial and test.",
        subcommands: [Init.self, IssueService.self, IssuePerson.self])

    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a new authority.")
        @Option(help: "The directory for ca.pem and ca.key.") var directory: String
        @Option(help: "How many days it is valid.") var days: Int = 3650

        func run() throws {
            guard !FileManager.default.fileExists(atPath: directory + "/ca.key") else {
                throw GatewayProblem("\(directory) has an authority already")
            }
            let authority = try CertificateAuthority(
                name: "Pulih private authority", notBefore: Date(timeIntervalSinceNow: -300),
                notAfter: Date(timeIntervalSinceNow: Double(try checked(days)) * 86_400))
            try write(authority.credential, to: directory, name: "ca")
        }
    }

    struct IssueService: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issues a certificate for a service.")
        @OptionGroup var issuing: Issuing
        @Argument(help: "registry, clinical or evaluation.") var service: String
        @Option(help: "A host name or address the service is reached by; repeat for several.")
        var host: [String]

        func run() throws {
            guard let name = ServiceName(rawValue: service) else {
                throw GatewayProblem("\(service) is not registry, clinical or evaluation")
            }
            try issuing.issue(
                .service(ServiceIdentity(domain: issuing.domain, name: name)), hosts: host,
                name: service)
        }
    }

    struct IssuePerson: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issues a certificate for a member of staff.")
        @OptionGroup var issuing: Issuing
        @Argument(help: "The staff code.") var code: String
        @Option(help: "The role, such as counselor.") var role: String
        @Option(help: "The facility's code.") var facility: String?
        @Option(help: "The institution's code, for staff of a partner.") var institution: String?

        func run() throws {
            guard let role = Role(rawValue: role) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw GatewayProblem("the roles are \(known)")
            }
            let affiliation: Affiliation
            switch (facility, institution) {
            case (let code?, nil): affiliation = Affiliation(kind: .facility, code: code)
            case (nil, let code?): affiliation = Affiliation(kind: .institution, code: code)
            default: throw GatewayProblem("give either --facility or --institution")
            }
            let identity = Identity.person(
                PersonIdentity(
                    domain: issuing.domain, affiliation: affiliation, role: role, code: code))
            // What is written must be readable as an identity again.
            guard (try? Identity(uri: identity.description)) == identity else {
                throw GatewayProblem(
                    "codes have letters, digits, dots, dashes and underscores only")
            }
            try issuing.issue(identity, hosts: [], name: code)
        }
    }

    struct Issuing: ParsableArguments {
        @Option(help: "The directory with ca.pem and ca.key; results are written there too.")
        var directory: String
        @Option(help: "The trust domain.") var domain: String = "pulih.local"
        @Option(help: "How many days the certificate is valid.") var days: Int = 90
        @Flag(help: "Renew the certificate alone, for the key that is in the directory already.")
        var keepKey = false

        func issue(_ identity: Identity, hosts: [String], name: String) throws {
            guard
                let certificate = try? String(
                    contentsOfFile: directory + "/ca.pem", encoding: .utf8),
                let key = try? String(contentsOfFile: directory + "/ca.key", encoding: .utf8),
                let authority = try? CertificateAuthority(
                    Credential(certificate: certificate, key: key))
            else { throw GatewayProblem("\(directory) has no authority; run `pulih pki init`") }
            let request = CertificateRequest(
                identity, hosts: hosts, notBefore: Date(timeIntervalSinceNow: -300),
                notAfter: Date(timeIntervalSinceNow: Double(try checked(days)) * 86_400))
            let file = "\(directory)/\(name).key"
            let credential: Credential
            if keepKey {
                guard let kept = try? String(contentsOfFile: file, encoding: .utf8),
                    let renewed = try? authority.issue(request, keeping: kept)
                else { throw GatewayProblem("\(file) holds no key of this kind to be kept") }
                credential = renewed
            } else {
                credential = try authority.issue(request)
            }
            try write(credential, to: directory, name: name)
        }
    }
}

private func checked(_ days: Int) throws -> Int {
    guard (1...36_500).contains(days) else { throw GatewayProblem("--days must be 1 to 36500") }
    return days
}

/// Writes a certificate and its key; the key is for its owner alone from the first byte on.
private func write(_ credential: Credential, to directory: String, name: String) throws {
    try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    let path = "\(directory)/\(name)"
    guard
        FileManager.default.createFile(
            atPath: path + ".key", contents: Data(credential.key.utf8),
            attributes: [.posixPermissions: 0o600]),
        FileManager.default.createFile(
            atPath: path + ".pem", contents: Data(credential.certificate.utf8),
            attributes: [.posixPermissions: 0o644])
    else { throw GatewayProblem("cannot write to \(directory)", .other) }
    Console.note("wrote \(path).pem and \(path).key")
}
