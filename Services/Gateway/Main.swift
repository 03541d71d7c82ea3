import ArgumentParser
import Foundation
import Shared

/// The operators' command.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulih",
        abstract: "Runs the rehabilitation program: registers, records, evaluates, reports.",
        version: Release.version,
        subcommands: [
            ContextCommand.self, PKICommand.self, CBORCommand.self, HealthCommand.self,
            DossierCommand.self, CaseloadCommand.self, EffectivenessCommand.self,
            AccessLogCommand.self, AccessCommand.self, EmergencyCommand.self,
            BulkReadingCommand.self, ImportCommand.self,
            SampleCommand.self,
            CompletionCommand.self,
            RPCCommand.self, AuditCommand.self,
        ] + nounCommands)

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let status as ExitStatus {
            Foundation.exit(status.rawValue)
        } catch let problem as GatewayProblem {
            Console.note("pulih: \(problem.message)")
            Foundation.exit(problem.status.rawValue)
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure {
                Console.note(
                    UsageMessage.withoutWords(
                        fullMessage(for: error), of: Array(CommandLine.arguments.dropFirst())))
                Foundation.exit(ExitStatus.usage.rawValue)
            }
            exit(withError: error)
        }
    }
}

/// How the command ended, for scripts.
enum ExitStatus: Int32, Error {
    case other = 1
    case usage = 2
    case partial = 3
    case refused = 4
    case notFound = 5
    case deadline = 6
    case unavailable = 7
    case overloaded = 8
    case badData = 9
    case protocolFailure = 10
    /// Something is stored with other content, and stays as it is.
    case conflict = 11
    /// A certificate ends soon.
    case expiring = 12

    init(_ failure: RPCFailure) {
        self =
            switch failure.code {
            case .permissionDenied, .unauthenticated, .failedPrecondition, .alreadyExists: .refused
            case .notFound: .notFound
            case .deadlineExceeded: .deadline
            case .unavailable: .unavailable
            case .resourceExhausted: .overloaded
            case .invalidArgument, .outOfRange, .dataLoss: .badData
            case .internal, .unimplemented: .protocolFailure
            case .cancelled, .unknown, .aborted: .other
            }
    }
}

/// Something that ends the command with a message and a status.
struct GatewayProblem: Error {
    let message: String
    let status: ExitStatus

    init(_ message: String, _ status: ExitStatus = .usage) {
        self.message = message
        self.status = status
    }

    init(_ failure: RPCFailure) {
        let rule = failure.rule.map { " [\($0)]" } ?? ""
        self.init(failure.message + rule, ExitStatus(failure))
    }
}
