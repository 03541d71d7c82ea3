import ArgumentParser
import Authority
import Foundation
import Shared

/// `pulih pki sign`: issues a certificate for a request, after somebody has looked at it.
struct PKISign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Issues a certificate for a request (.csr).",
        discussion: """
            The request must be signed by its own key, and ask for one well-formed identity; a \
            service needs its hosts. What would be issued is printed first, and must be confirmed. \
            Compare the key with what `pulih pki request` has printed where it was made.
            """)

    @Argument(help: "The request, as `pulih pki request` wrote it.") var request: String
    @Option(help: "The authority's directory.") var directory: String
    @Option(help: "The trust domain that the request must be of.")
    var domain: String = "pulih.local"
    @Option(help: "How many days the certificate is valid.") var days: Int = 90
    @Option(help: "Where the certificate is written; beside the request if not given.")
    var output: String?
    @Flag(help: "Sign without asking.") var yes = false

    func run() throws {
        let signing: SigningRequest
        let text = try SafeFile.read(request)
        do throws(SigningRequestProblem) {
            signing = try SigningRequest(pem: text)
        } catch {
            throw GatewayProblem("\(request) is not signed: \(error)", .badData)
        }
        guard signing.identity.domain == domain else {
            throw GatewayProblem(
                "\(request) is not signed: it is of the trust domain \(signing.identity.domain), "
                    + "and this authority serves \(domain); say --domain where that is wrong",
                .badData)
        }
        let certificate = try AuthorityDirectory(path: directory).issue(signing, days: days) {
            from, until in
            show(signing, from, until)
            try confirm()
        }
        let file = output ?? Self.beside(request)
        try SafeFile.put(certificate, at: file, mode: SafeFile.open)
        Console.note("wrote \(file)")
    }

    private func show(_ signing: SigningRequest, _ from: Timestamp, _ until: Timestamp) {
        Console.note("identity  \(signing.identity)")
        if !signing.hosts.isEmpty {
            Console.note("hosts     \(signing.hosts.joined(separator: ", "))")
        }
        Console.note("valid     \(from) to \(until)\nkey       \(signing.fingerprint)")
        if !signing.passedOver.isEmpty {
            Console.note(
                "not given \(signing.passedOver.joined(separator: ", ")), which it asks for too")
        }
    }

    private func confirm() throws {
        if yes { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw GatewayProblem("look at what is printed, and say --yes to sign it")
        }
        Console.note("Sign it? Type yes:")
        guard readLine() == "yes" else { throw GatewayProblem("nothing is signed", .refused) }
    }

    private static func beside(_ request: String) -> String {
        (request.hasSuffix(".csr") ? String(request.dropLast(4)) : request) + ".pem"
    }
}
