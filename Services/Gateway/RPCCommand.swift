import ArgumentParser
import Shared

/// `pulih rpc`: the services as a program sees them, method by method.
struct RPCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc", abstract: "Lists, describes and calls methods; measures services.",
        subcommands: [List.self, Describe.self, Call.self, Ping.self, Metrics.self])

    /// `pulih rpc call`: any method by its name, without a table in between.
    struct Call: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Calls a method; request and reply are JSON.",
            discussion: """
                Fields are given as path=value (identity.name=Budi), or as JSON with -f. A missing
                id is made up. A repeat with the same --key has no second effect.

                A streaming method prints each reply on a line of its own, until --take or the
                service ends it, or --timeout passes (exit code 6).
                """)

        @OptionGroup var target: TargetOptions
        @Option(help: "Which service to ask, for a method that every service answers.")
        var service: ServiceName?
        @Option(help: "End a streaming call after so many replies.") var take: Int?
        @Argument(
            help: "The method's name, such as registry.facility.list.",
            completion: .custom { _, _, _ in KnownMethods.names })
        var method: String
        @OptionGroup var request: RequestOptions

        func validate() throws {
            if let take, take < 1 { throw ValidationError("--take must be at least 1") }
        }

        func run() async throws {
            let declaration = try KnownMethods.find(method)
            let service = try KnownMethods.service(of: method, chosen: service)
            if let unary = declaration as? any RPCMethod.Type {
                guard take == nil else {
                    throw GatewayProblem("\(method) has one reply; leave --take out")
                }
                try await call(unary, of: service)
            } else if let stream = declaration as? any RPCStream.Type {
                try await follow(stream, of: service)
            }
        }

        private func call<Method: RPCMethod>(
            _ method: Method.Type, of service: ServiceName
        ) async throws {
            let reply = try await request.call(method, of: service, target)
            Console.data(try Document(reply).text(.json))
        }

        private func follow<Stream: RPCStream>(
            _ stream: Stream.Type, of service: ServiceName
        ) async throws {
            try await request.follow(stream, of: service, target, limit: take) { reply in
                Console.data(try Document(reply).line)
            }
        }
    }
}
