import ArgumentParser
import Authority
import Foundation
import Shared

/// `pulih pki issue-service`: key, request and certificate on one machine.
struct PKIIssueService: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue-service",
        abstract: "Makes key and certificate of a service, where the authority is.")
    @OptionGroup var issuing: PKIIssuing
    @Argument(help: "registry, clinical or evaluation.") var service: String
    @Option(help: "A host name or address the service is reached by; repeat for several.")
    var host: [String]
    @Option(help: "The trust domain.") var domain: String = "pulih.local"

    func run() throws {
        guard let name = ServiceName(rawValue: service) else {
            throw GatewayProblem("\(service) is not registry, clinical or evaluation")
        }
        try issuing.issue(
            .service(ServiceIdentity(domain: domain, name: name)), hosts: host, name: service)
    }
}

/// `pulih pki issue-person`: key, request and certificate on one machine.
struct PKIIssuePerson: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue-person",
        abstract: "Makes key and certificate of a member of staff, where the authority is.")
    @OptionGroup var issuing: PKIIssuing
    @Argument(help: "The staff code.") var code: String
    @OptionGroup var holder: PKIHolder

    func run() throws {
        guard holder.role != nil else { throw GatewayProblem("a person needs --role") }
        try issuing.issue(try holder.identity(code), hosts: [], name: code)
    }
}

struct PKIIssuing: ParsableArguments {
    @Option(help: "The directory with ca.pem and ca.key; results are written there too.")
    var directory: String
    @Option(help: "How many days the certificate is valid.") var days: Int = 90
    @Flag(help: "Renew the certificate alone, for the key that is in the directory already.")
    var keepKey = false

    func issue(_ identity: Identity, hosts: [String], name: String) throws {
        let path = "\(directory)/\(name)"
        let key: String
        if keepKey {
            guard let kept = try? SafeFile.read(path + ".key") else {
                throw GatewayProblem("\(path).key is not there to be kept")
            }
            key = kept
        } else {
            key = SigningRequest.makeKey()
        }
        let request = try PKIFiles.request(identity, hosts: hosts, key: key)
        let certificate = try AuthorityDirectory(path: directory).issue(
            SigningRequest(pem: request.pem), days: days)
        if !keepKey { try SafeFile.put(key, at: path + ".key", mode: SafeFile.secret) }
        try SafeFile.put(certificate, at: path + ".pem", mode: SafeFile.open)
        Console.note("wrote \(path).pem and \(path).key")
    }
}
