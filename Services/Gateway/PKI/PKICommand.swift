import ArgumentParser
import Authority
import Foundation
import Shared

/// `pulih pki`: the private authority that says who everybody is.
struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki", abstract: "The private certificate authority, and what one asks it.",
        discussion: """
            Keys stay on the machine that makes them: `request` there, `sign` where the authority \
            is, and carry only the .csr and the .pem. `issue-service` and `issue-person` do all of \
            it on one machine, for a trial.
            """,
        subcommands: [
            Init.self, PKIRequest.self, PKISign.self, PKIRenew.self, PKIList.self,
            PKINoteRevoked.self, PKIIssueService.self, PKIIssuePerson.self,
        ])

    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a new authority.")
        @Option(help: "The directory for ca.pem and ca.key.") var directory: String
        @Option(help: "How many days it is valid.") var days: Int = 3650

        func run() throws {
            let days = try PKIDays.checked(days)
            try AuthorityDirectory.make(
                at: directory, until: SystemClock.now().adding(seconds: Int64(days) * 86_400))
        }
    }
}

/// For how long something is valid.
enum PKIDays {
    static func checked(_ days: Int) throws -> Int {
        guard (1...36_500).contains(days) else {
            throw GatewayProblem("--days must be 1 to 36500")
        }
        return days
    }
}

/// Whom a certificate names.
struct PKIHolder: ParsableArguments {
    @Option(help: "The role of a person, such as counselor.") var role: String?
    @Option(help: "The code of the facility that the person belongs to.") var facility: String?
    @Option(help: "The code of the institution, for staff of a partner.") var institution: String?
    @Option(help: "The trust domain.") var domain: String = "pulih.local"

    /// The identity: a person's where a role is given, else a service's.
    func identity(_ name: String) throws -> Identity {
        let identity = try role.map { try person(name, $0) } ?? service(name)
        // What is written must be readable as an identity again.
        guard (try? Identity(uri: identity.description)) == identity else {
            throw GatewayProblem("codes have letters, digits, dots, dashes and underscores only")
        }
        return identity
    }

    func service(_ name: String) throws -> Identity {
        guard facility == nil, institution == nil else {
            throw GatewayProblem("a person needs --role too; a service belongs nowhere")
        }
        guard let name = ServiceName(rawValue: name) else {
            throw GatewayProblem(
                "\(name) is not registry, clinical or evaluation; a person needs --role")
        }
        return .service(ServiceIdentity(domain: domain, name: name))
    }

    private func person(_ code: String, _ role: String) throws -> Identity {
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
        return .person(
            PersonIdentity(domain: domain, affiliation: affiliation, role: role, code: code))
    }
}
