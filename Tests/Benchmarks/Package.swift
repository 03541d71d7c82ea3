// swift-tools-version: 6.2
import PackageDescription

// The benchmarks that `deploy/bench` runs. They are a package of their own so that Pulih itself
// does not depend on the peers it is compared with.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func program(_ name: String, at path: String, uses dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

extension Target.Dependency {
    static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let core = product(name: "GRPCCore", package: "grpc-swift-2")
    static let transport = product(
        name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
    static let messages = product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
    static let protobuf = product(name: "SwiftProtobuf", package: "swift-protobuf")
}

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bench", targets: ["Driver"]),
        .executable(name: "grpc-swift-server", targets: ["GRPCSwiftServer"]),
        .executable(name: "grpc-swift-client", targets: ["GRPCSwiftClient"]),
        .executable(name: "swift-protobuf-coder", targets: ["SwiftProtobufCoder"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    ],
    targets: [
        program("Driver", at: "Driver", uses: [.arguments]),
        .target(
            name: "EchoMessages", dependencies: [.core, .messages, .protobuf],
            path: "Peers/GRPCSwift/Messages", swiftSettings: settings),
        program(
            "GRPCSwiftServer", at: "Peers/GRPCSwift/Server",
            uses: ["EchoMessages", .arguments, .core, .transport, .messages]),
        program(
            "GRPCSwiftClient", at: "Peers/GRPCSwift/Client",
            uses: ["EchoMessages", .arguments, .core, .transport, .messages]),
        program(
            "SwiftProtobufCoder", at: "Peers/GRPCSwift/Coder",
            uses: ["EchoMessages", .arguments, .protobuf]),
    ]
)
