import EchoAPI
import Logging
import Shared

/// Everything of the engine that the server uses.
struct EchoEngine {
    private let context: TLSContext
    private let router: Router
    private let logger = Logger(label: "pulih.echo")

    init(_ files: TLSFiles) throws {
        // Each call is counted and timed, as in the services.
        _ = MetricsBook.process
        context = try TLSContext(role: .service, files: files)
        router = try Router(
            declared: EchoMethods.all,
            handlers: [
                .unary(EchoMessage.self) { message, _ in message },
                .unary(EchoBlob.self) { blob, _ in blob },
                .stream(SendMessages.self) { request, _, send in
                    for number in 0..<request.count {
                        try await send(EchoMessage.sample(Int64(number)))
                    }
                },
            ],
            logger: logger, now: SystemClock.now)
    }

    /// Listens on loopback, and returns the port that the system chose.
    func start() async throws -> Int {
        try await TLSListener.start(
            ServiceAddress(host: "127.0.0.1", port: 0), context: context, handler: router,
            agent: "pulih-echo/1", logger: logger
        ).port
    }
}
