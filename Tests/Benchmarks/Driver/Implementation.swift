import ArgumentParser
import Foundation

/// One of the programs that are compared; each has a server and a client that take the same options.
enum Implementation: String, CaseIterable, Codable, ExpressibleByArgument, Sendable {
    case pulih
    case grpcSwift = "grpc-swift"
    case grpcCPP = "grpc-cpp"
    case grpcGo = "grpc-go"
    case c

    /// Those that the others are set against, in the order of the columns.
    static let peers: [Self] = [.grpcSwift, .grpcCPP, .grpcGo, .c]

    var server: String { program("server") }
    var client: String { program("client") }

    /// Whether both programs have been built.
    var isBuilt: Bool {
        [server, client].allSatisfy(FileManager.default.isExecutableFile)
    }

    /// What its processes find in the environment besides the driver's own.
    var environment: [String: String] {
        switch self {
        case .grpcCPP: ["OPENSSL_CONF": Places.benchmarks + "/Peers/CPP/openssl.cnf"]
        case .pulih, .grpcSwift, .grpcGo, .c: [:]
        }
    }

    private func program(_ part: String) -> String {
        switch self {
        case .pulih: "\(Places.products)/pulih-echo-\(part)"
        case .grpcSwift: "\(Places.ownProducts)/grpc-swift-\(part)"
        case .grpcCPP: "\(Places.peers)/cpp-\(part)"
        case .grpcGo: "\(Places.peers)/go-\(part)"
        case .c: "\(Places.peers)/c-\(part)"
        }
    }
}

/// Where things lie, seen from the top of the repository, in which the driver runs.
enum Places {
    static let top = FileManager.default.currentDirectoryPath
    static let products = top + "/.build/release"
    static let benchmarks = top + "/Tests/Benchmarks"
    static let ownProducts = benchmarks + "/.build/release"
    static let peers = benchmarks + "/.build/peers"
}

/// What is measured; `Tests/Echo/Client/Load` says what each case does.
enum Case: String, CaseIterable, Codable, ExpressibleByArgument, Sendable {
    case lat
    case t64
    case t256
    case t8x32
    case stream
    case blob1
    case blob4
    case hs
    case idle

    /// Both processes on one core: across cores the wake-up of a halted one hides the software.
    var isPinned: Bool { self == .lat }

    var title: String {
        switch self {
        case .lat: "one call at a time, both processes on one core"
        case .t64: "64 calls in flight on one connection"
        case .t256: "256 calls in flight on one connection"
        case .t8x32: "32 calls in flight on each of 8 connections"
        case .stream: "messages of calls with 100,000 replies"
        case .blob1: "1 MiB there and back, one at a time"
        case .blob4: "1 MiB there and back, 4 in flight"
        case .hs: "a new connection, one call and the end"
        case .idle: "1,000 connections that do nothing"
        }
    }
}
