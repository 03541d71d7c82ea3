import ArgumentParser
import ClinicalAPI
import EvaluationAPI
import Foundation
import RegistryAPI
import Shared

/// `pulih caseload`: who is in treatment, and what is due for them.
struct CaseloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "caseload",
        abstract: "Shows who is in treatment: stage, next session, evaluation due or overdue.",
        discussion: """
            The most urgent come first. "?" stands where a service did not answer, "-" where there
            is nothing. Who may not see names gets the participants' ids.
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup var query: QueryOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only those in the program with this code.") var program: String?
    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib

    func run() async throws {
        let context = try target.load()
        let now = SystemClock.now()
        let answers = await FanOut.ask(
            CaseloadPart.questions(program: program, now: now), within: .seconds(target.timeout),
            trace: query.trace,
            connect: context.caller(of:))
        let checked = CaseloadPart.withoutEmptyCopies(answers)
        if let failure = checked.missing.compactMap(\.failure).first(where: { $0.code == .notFound }
        ) {
            throw GatewayProblem(failure)
        }
        var gathered = CaseloadPart.gathered(checked.parts)
        gathered.isOneProgram = program != nil
        let report = CaseloadReport(
            gathered, on: now.day(in: zone), zone: zone,
            missing: checked.missingParts)
        try checked.report(query, context) {
            try output.print(report, csv: report.csv) { report.text(width: $0) }
        }
    }
}

extension Zone: ExpressibleByArgument {
    /// In capitals or not.
    package init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}

/// What one leg of the caseload answers.
enum CaseloadPart: Sendable {
    case enrollments(CaseloadAnswers.Enrollments)
    case names([ParticipantID: String])
    case sessions([Session])
    case evaluations(ListCaseload.Reply)

    /// How far ahead sessions are looked for.
    private static let sessionDays = 60

    static func questions(program: String?, now: Timestamp) -> [FanOut<Self>.Question] {
        [
            .init(service: .registry, subject: "enrollments") { registry in
                .enrollments(try await enrollments(of: program, from: registry))
            },
            .init(service: .registry, subject: "names", isOnlyForSomeRoles: true) { registry in
                .names(try await names(from: registry))
            },
            .init(service: .clinical, subject: "sessions") { clinical in
                // The day begins last in the west: no session of today is lost by asking there.
                let today = now.day(in: .wib)
                let reply = try await clinical.call(
                    ListSessions(from: today, through: today.adding(days: sessionDays)))
                return .sessions(reply.sessions.filter { $0.scheduledAt > now })
            },
            .init(service: .evaluation, subject: "evaluations") { evaluation in
                .evaluations(try await evaluation.call(ListCaseload(programCode: program)))
            },
        ]
    }

    static func gathered(_ parts: [Self]) -> CaseloadAnswers {
        var answers = CaseloadAnswers()
        for part in parts {
            switch part {
            case .enrollments(let enrollments): answers.enrollments = enrollments
            case .names(let names): answers.names = names
            case .sessions(let sessions): answers.sessions = sessions
            case .evaluations(let reply): answers.evaluations = reply
            }
        }
        return answers
    }

    /// Takes the evaluation's answer for missing where it has never heard of anybody: an empty
    /// list would read as if nothing were due.
    static func withoutEmptyCopies(_ answers: FanOut<Self>) -> FanOut<Self> {
        let registry = answers.legs.first { $0.service == .registry }
        guard registry?.position != 0 else { return answers }
        return answers.without { leg in
            guard case .success(.evaluations(let reply)) = leg.result,
                reply.sources.contains(where: { $0.service == .registry && $0.position == nil })
            else { return nil }
            return RPCFailure(
                .unavailable, "it has not heard the registry yet, so it knows of nobody",
                outcome: .processed)
        }
    }

    private static func enrollments(
        of program: String?, from registry: LegCaller
    ) async throws -> CaseloadAnswers.Enrollments {
        let programs = try await registry.call(ListPrograms()).programs
        let wanted = try program.map { code in
            guard let found = programs.first(where: { $0.code == code }) else {
                throw RPCFailure(
                    .notFound, "there is no program \(code); see `pulih program list`")
            }
            return found.id
        }
        var found: [EnrollmentID: Enrollment] = [:]
        // Who goes on hold or comes back between two questions is found by one of the three.
        for status in [Enrollment.Status.onHold, .active, .onHold] {
            var after: EnrollmentID?
            repeat {
                let page = try await registry.call(
                    ListEnrollments(program: wanted, status: status, after: after, limit: 500))
                for enrollment in page.enrollments { found[enrollment.id] = enrollment }
                after = page.next
            } while after != nil
        }
        return CaseloadAnswers.Enrollments(
            enrollments: Array(found.values),
            programs: Dictionary(
                programs.map { ($0.id, $0.code) }, uniquingKeysWith: { code, _ in code }))
    }

    private static func names(from registry: LegCaller) async throws -> [ParticipantID: String] {
        var names: [ParticipantID: String] = [:]
        var after: ParticipantID?
        repeat {
            let page = try await registry.call(
                ListParticipants(includingGone: true, after: after, limit: 500))
            for participant in page.participants {
                names[participant.id] = participant.identity.name
            }
            after = page.next
        } while after != nil
        return names
    }
}
