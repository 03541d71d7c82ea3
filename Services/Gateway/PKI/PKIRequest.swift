import ArgumentParser
import Authority
import Foundation
import Shared

/// `pulih pki request`: makes keys where they stay, and what the authority needs to know of them.
struct PKIRequest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Makes a key that stays here, and a request for a certificate.",
        discussion: """
            For a service: request registry --host HOST --directory DIR. For people: request \
            melati siti --role registrar --facility rutan-kraksaan --directory DIR.

            Bring NAME.csr to the authority (`pulih pki sign`), and NAME.pem back. NAME.key stays.
            """)

    @Argument(help: "A service's name, or the staff codes of people.") var names: [String]
    @OptionGroup var holder: PKIHolder
    @Option(help: "A host name or address the service is reached by; repeat for several.")
    var host: [String] = []
    @Option(help: "Where the key and the request are written.") var directory: String = "."

    func run() throws {
        guard !names.isEmpty else { throw GatewayProblem("name somebody") }
        let identities = try names.map { ($0, try holder.identity($0)) }
        try SafeFile.makeDirectory(directory)
        for (name, identity) in identities {
            let path = "\(directory)/\(name)"
            let key = SigningRequest.makeKey()
            let request = try PKIFiles.request(identity, hosts: host, key: key)
            do {
                try SafeFile.put(
                    key, at: path + ".key", mode: SafeFile.secret, replacing: false)
            } catch let problem as GatewayProblem where problem.status == .usage {
                throw GatewayProblem(
                    "\(path).key is there already; `pulih pki renew` asks for another certificate")
            }
            try SafeFile.put(request.pem, at: path + ".csr", mode: SafeFile.open)
            Console.note("wrote \(path).key, which stays here, and \(path).csr for the authority")
            Console.note("  \(identity)\n  key \(request.fingerprint)")
        }
    }
}

/// `pulih pki renew`: asks for another certificate for a holder who has one.
struct PKIRenew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Asks for another certificate, with the names of the one that is here.",
        discussion: """
            The key stays the same, or is made anew with --new-key: it is NAME.key.new then, to be \
            put in the place of NAME.key together with the new certificate.
            """)

    @Argument(help: "The name of the files: NAME.pem and NAME.key.") var names: [String]
    @Option(help: "Where they are.") var directory: String = "."
    @Flag(help: "Make a new key.") var newKey = false

    func run() throws {
        for name in names {
            let path = "\(directory)/\(name)"
            guard let certificate = CertificateSummary(pem: try SafeFile.read(path + ".pem")),
                let uri = certificate.uris.first, let identity = try? Identity(uri: uri)
            else { throw GatewayProblem("\(path).pem names nobody that could be renewed") }
            let key = try newKey ? SigningRequest.makeKey() : SafeFile.read(path + ".key")
            let request = try PKIFiles.request(identity, hosts: certificate.hosts, key: key)
            if newKey { try SafeFile.put(key, at: path + ".key.new", mode: SafeFile.secret) }
            try SafeFile.put(request.pem, at: path + ".csr", mode: SafeFile.open)
            Console.note(
                "wrote \(path).csr for the authority" + (newKey ? ", \(path).key.new" : ""))
            Console.note("  \(identity)\n  key \(request.fingerprint)")
        }
    }
}

/// What the commands around requests share.
enum PKIFiles {
    static func request(
        _ identity: Identity, hosts: [String], key: String
    ) throws -> (pem: String, fingerprint: String) {
        do {
            let pem = try SigningRequest.pem(identity, hosts: hosts, key: key)
            return (pem, try SigningRequest(pem: pem).fingerprint)
        } catch let problem as SigningRequestProblem {
            throw GatewayProblem("nobody would sign this: \(problem)")
        }
    }
}
