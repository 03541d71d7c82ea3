import ArgumentParser
import Foundation
import Shared

/// `pulih sample`: a made-up program for trials.
struct SampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "A made-up program of 24 participants, for trials.",
        discussion: """
            Nobody in it exists. Participants and staff are named after birds, flowers and trees,
            their NIKs are of a region that there is not, and every paper says that it is a
            sample (contoh). The same seed and last day always make the same records. Load it
            into services for a trial, never into those that hold real people's records.
            """,
        subcommands: [People.self, Load.self, Print.self])

    /// Which sample.
    struct Choice: ParsableArguments {
        @Option(help: "Another seed makes other people.") var seed: UInt64 = 2026
        @Option(help: "Its last day, YYYY-MM-DD, at most two years ago; today if not given.")
        var through: String?

        func steps() throws -> [SampleStep] {
            let today = SystemClock.now().day(in: .wib)
            guard let through else { return SampleProgram.steps(seed: seed, through: today) }
            guard let day = Day(text: through) else {
                throw GatewayProblem("--through must be a day, as 2026-01-31")
            }
            guard day <= today else { throw GatewayProblem("--through must not be in the future") }
            return SampleProgram.steps(seed: seed, through: day)
        }
    }

    struct People: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists whose certificates are needed to load the sample.",
            discussion: "Make them with `pulih pki issue-person`; every name is invented.")
        @OptionGroup var output: OutputOptions

        struct Line: Encodable {
            let code: String
            let name: String
            let role: Role
            /// `facility` or `institution`, and its code.
            let at: String
            let place: String
            /// For what they read on most days, for their context.
            let purpose: PurposeOfUse?
        }

        func run() throws {
            try output.print(
                SampleStaff.all.map { colleague in
                    Line(
                        code: colleague.code, name: colleague.name, role: colleague.role,
                        at: colleague.affiliation.kind.rawValue, place: colleague.affiliation.code,
                        purpose: colleague.purpose)
                })
        }
    }

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Records the sample in the services of a context.",
            discussion: """
                Every call is made by the person who would make it, with their own certificate.
                Loading again with the same seed and last day changes nothing.
                """)
        @OptionGroup var target: TargetOptions
        @OptionGroup var choice: Choice
        @Option(help: "The directory with CODE.pem and CODE.key of each of `sample people`.")
        var people: String

        func run() async throws {
            let context = try target.load()
            let steps = try choice.steps()
            let directory = people
            for colleague in Set(steps.map(\.by)) {
                guard
                    FileManager.default.isReadableFile(atPath: "\(directory)/\(colleague.code).key")
                else {
                    throw GatewayProblem(
                        "\(directory) has no key of \(colleague.code); "
                            + "see `pulih sample people` and `pulih pki issue-person`")
                }
            }
            let progress = Progress(label: "sample", total: steps.count)
            let loader = SampleLoader { colleague, service in
                var own = context
                own.certificate = "\(directory)/\(colleague.code).pem"
                own.key = "\(directory)/\(colleague.code).key"
                own.purpose = colleague.purpose
                return try own.caller(of: service)
            }
            do {
                defer { progress.finish() }
                try await loader.load(steps) { progress.advance(by: $0) }
            }
            Console.note("loaded \(steps.count) records of 24 made-up participants")
        }
    }

    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the calls of the sample, one line of JSON each; asks no service.")
        @OptionGroup var choice: Choice

        func run() throws {
            for step in try choice.steps() { Console.data(try step.line()) }
        }
    }
}
