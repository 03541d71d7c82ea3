import ArgumentParser
import Authority
import Foundation
import Shared

/// `pulih pki list`: what the authority has issued.
struct PKIList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what the authority has issued.",
        discussion: """
            With --expiring it lists what ends within that many days and has no successor, the \
            authority itself too, and ends with exit code 12 where there is any: let a timer run it.
            """)

    @Option(help: "The authority's directory.") var directory: String
    @Option(help: "Only what ends within so many days.") var expiring: Int?
    @OptionGroup var output: OutputOptions

    struct Line: Encodable {
        let serial: String
        let identity: String
        let from: Timestamp
        let until: Timestamp
        /// valid, expired or revoked.
        let state: String

        init(_ certificate: IssuedList.Certificate, _ revoked: RevocationSet, at now: Timestamp) {
            serial = certificate.serial.digits
            identity = certificate.identity
            from = certificate.from
            until = certificate.until
            state =
                revoked.contains(certificate.facts)
                ? "revoked" : certificate.until < now ? "expired" : "valid"
        }
    }

    func run() throws {
        if let expiring, !(0...36_500).contains(expiring) {
            throw GatewayProblem("--expiring must be 0 to 36500 days")
        }
        let now = SystemClock.now()
        let authority = AuthorityDirectory(path: directory)
        let list = try authority.list()
        let own = try authority.own()
        let root = IssuedList.Certificate(
            serial: own.serial, identity: "the authority itself", hosts: [],
            from: Timestamp(own.notBefore), until: Timestamp(own.notAfter),
            issuedAt: Timestamp(own.notBefore))
        let shown: [IssuedList.Certificate]
        if let expiring {
            let isEnding = root.until <= now.adding(seconds: Int64(expiring) * 86_400)
            shown = (isEnding ? [root] : []) + list.expiring(within: expiring, at: now)
        } else {
            shown = [root] + list.certificates
        }
        try output.print(shown.map { Line($0, list.revoked, at: now) })
        if expiring != nil, !shown.isEmpty { throw ExitStatus.expiring }
    }
}

/// `pulih pki note-revoked`: tells the authority's list what the registry has revoked.
struct PKINoteRevoked: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note-revoked",
        abstract: "Notes in the authority's list what `pulih certificate revoke` has revoked.",
        discussion: """
            The registry's journal decides; this list follows it, so that it says what is revoked, \
            and so that a new certificate of the holder does not begin before the revocation.
            """)

    @Argument(help: "A serial number, or the holder's URI.") var revoked: String
    @Option(help: "For a holder: issuedBefore as the registry says it; now if not given.")
    var before: String?
    @Option(help: "The authority's directory.") var directory: String

    func run() throws {
        let now = SystemClock.now()
        try AuthorityDirectory(path: directory).note(try revocation(at: now))
        Console.note("noted")
    }

    private func revocation(at now: Timestamp) throws -> IssuedList.Revocation {
        if let identity = try? Identity(uri: revoked) {
            let moment = try before.map { text in
                guard let moment = Timestamp(text: text), moment <= now else {
                    throw GatewayProblem(
                        "--before must be a time that has passed, as 2026-01-31T08:00:00Z")
                }
                return moment
            }
            return IssuedList.Revocation(
                serial: nil, identity: identity.description, issuedBefore: moment ?? now,
                notedAt: now)
        }
        guard before == nil else { throw GatewayProblem("--before goes with a holder's URI") }
        guard let serial = try? CertificateSerial(revoked) else {
            throw GatewayProblem("\(revoked) is neither a serial number nor a holder's URI")
        }
        return IssuedList.Revocation(
            serial: serial, identity: nil, issuedBefore: nil, notedAt: now)
    }
}
