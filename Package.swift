// swift-tools-version: 6.2
import PackageDescription

// The manifest reads as the table in README.md: Shared first, then one line a service, then the
// operators' command, then the checks. An arrow not written here cannot be imported, because the
// build runs with `--explicit-target-dependency-import-check error`.

// MARK: - Settings and helpers

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// For the modules that every call passes, in release.
///
/// No access is checked at run time for another that overlaps it, which debug builds do, in which
/// all tests run; and generic code may be specialized in the modules that use it.
let callPath: [SwiftSetting] = [
    .unsafeFlags(
        ["-enforce-exclusivity=unchecked", "-cross-module-optimization"],
        .when(configuration: .release))
]

func module(
    _ name: String, at path: String, uses dependencies: [Target.Dependency] = [],
    more: [SwiftSetting] = [], except: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path, exclude: except,
        swiftSettings: settings + more)
}

func program(_ name: String, at path: String, uses dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// Tests of one target, in the folder of the same name under `Tests`.
///
/// Vectors and fixtures lie beside the tests, and are read by path.
func tests(_ name: String, of dependencies: [Target.Dependency], except: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: except,
        swiftSettings: settings)
}

/// Every service has these four modules.
///
/// `peers` are the services whose feed it follows; all follow the registry alike, which has a fifth
/// module for them.
func service(_ folder: String, prefix: String, peers: [String] = []) -> [Target] {
    let home = "Services/\(folder)"
    let domain: [Target.Dependency] = ["Vocabulary", "Instruments"]
    let api = ([prefix] + peers).map { Target.Dependency.own($0 + "API") }
    let follower: [Target.Dependency] = peers.contains("Registry") ? ["RegistryFollower"] : []
    return [
        module("\(prefix)API", at: "\(home)/API", uses: domain + ["RPC"]),
        module("\(prefix)Rules", at: "\(home)/Rules", uses: domain + api + ["RPC", "Statistics"]),
        module(
            "\(prefix)Server", at: "\(home)/Server",
            uses: domain + api + follower
                + [
                    "RPC", "CBOR", "Statistics", "Storage", "Hosting", .own(prefix + "Rules"),
                    .bytes,
                ]),
        program(
            "\(prefix)Daemon", at: "\(home)/Daemon", uses: ["Shared", .own(prefix + "Server")]),
    ]
}

// MARK: - Libraries

extension Target.Dependency {
    /// A target of this package, by a name that is put together.
    static func own(_ name: String) -> Self { .byName(name: name) }

    static let nio: [Self] = [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
    ]
    static let bytes = product(name: "NIOCore", package: "swift-nio")
    /// Channels without sockets, whose clock a test turns.
    static let testChannels = product(name: "NIOEmbedded", package: "swift-nio")
    static let locks = product(name: "NIOConcurrencyHelpers", package: "swift-nio")
    static let log = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let collections = product(name: "DequeModule", package: "swift-collections")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let moreCrypto = product(name: "CryptoExtras", package: "swift-crypto")
    static let certificates = product(name: "X509", package: "swift-certificates")
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let paths = product(name: "SystemPackage", package: "swift-system")
    static let sqlite = product(name: "GRDB", package: "GRDB.swift")
}

let libraries: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    // The serialized forms that swift-certificates returns are declared here.
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
    // swift-configuration takes the path of a file as this package's FilePath.
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
]

// MARK: - Shared

let foundations: [Target.Dependency] = [
    "Vocabulary", "Instruments", "Statistics", "CBOR", "Wire", "RPC", "TLSTransport", "Storage",
    "Hosting",
]

let shared: [Target] = [
    .systemLibrary(
        name: "COpenSSL", path: "Shared/COpenSSL", pkgConfig: "openssl",
        providers: [.apt(["libssl-dev"])]),
    // What Linux's headers have and Swift cannot call.
    .systemLibrary(name: "CProcess", path: "Shared/CProcess"),
    module("Vocabulary", at: "Shared/Vocabulary"),
    module("Instruments", at: "Shared/Instruments", uses: ["Vocabulary"]),
    module("Statistics", at: "Shared/Statistics"),
    module("CBOR", at: "Shared/CBOR", uses: [.bytes], more: callPath),
    module("Wire", at: "Shared/Wire", uses: ["CBOR", .bytes, .collections], more: callPath),
    module(
        "RPC", at: "Shared/RPC",
        uses: ["Vocabulary", "Wire", "CBOR", .bytes, .collections, .log, .metrics],
        more: callPath),
    module(
        "TLSTransport", at: "Shared/TLSTransport",
        uses: ["RPC", "Wire", "CBOR", "Vocabulary", "COpenSSL", .log] + Target.Dependency.nio,
        more: callPath),
    module(
        "Storage", at: "Shared/Storage",
        uses: ["Vocabulary", "CBOR", .bytes, .sqlite, .crypto, .log]),
    module(
        "Hosting", at: "Shared/Hosting",
        uses: [
            "Vocabulary", "CBOR", "RPC", "TLSTransport", "Storage", "CProcess", .log, .metrics,
            .unixSignals, .arguments, .configuration, .paths,
        ] + Target.Dependency.nio),
    // Issues certificates for trials and tests: the gateway's `pki` commands and the tests share it.
    module(
        "Authority", at: "Shared/Authority", uses: ["Vocabulary", .certificates, .crypto, .asn1]),
    module("Shared", at: "Shared/Shared", uses: foundations),
]

// MARK: - Services

let services: [Target] =
    service("Registry", prefix: "Registry", peers: ["Clinical"])
    + service("ClinicalSessions", prefix: "Clinical", peers: ["Registry"])
    + service("Evaluation", prefix: "Evaluation", peers: ["Registry", "Clinical"])
    + [
        module(
            "RegistryFollower", at: "Services/Registry/Follower",
            uses: ["RegistryAPI", "RPC", "CBOR", "Storage", "Hosting", "Vocabulary"])
    ]

let gateway = program(
    "Gateway", at: "Services/Gateway",
    uses: [
        "Shared", "Authority", "RegistryAPI", "ClinicalAPI", "EvaluationAPI", .arguments, .crypto,
        .bytes,
    ])

// MARK: - Benchmarks

/// The echo that `deploy/bench` drives; its peers are in a package of their own, so that this one
/// does not depend on them.
let echo: [Target] = [
    module("EchoAPI", at: "Tests/Echo/API", uses: ["CBOR", "RPC", "Vocabulary", .bytes]),
    program("EchoServer", at: "Tests/Echo/Server", uses: ["EchoAPI", "Shared", .arguments, .log]),
    program("EchoClient", at: "Tests/Echo/Client", uses: ["EchoAPI", "Shared", .arguments]),
    program("EchoCoder", at: "Tests/Echo/Coder", uses: ["EchoAPI", "CBOR", .arguments, .bytes]),
]

// MARK: - Checks

let daemons: [Target.Dependency] = [
    "RegistryDaemon", "ClinicalDaemon", "EvaluationDaemon", "Gateway",
]

let checks: [Target] = [
    module(
        "TestKit", at: "Tests/TestKit",
        uses: ["Vocabulary", "CBOR", "RPC", "Storage", "Hosting", "Authority", .log],
        except: ["tamper.py"]),
    tests("VocabularyTests", of: ["Vocabulary"]),
    tests("InstrumentsTests", of: ["Instruments", "Vocabulary"]),
    tests("StatisticsTests", of: ["Statistics"]),
    tests("CBORTests", of: ["CBOR", "EchoAPI", .bytes], except: ["Vectors"]),
    tests("WireTests", of: ["Wire", "CBOR", .bytes], except: ["Vectors"]),
    tests("RPCTests", of: ["RPC", "Wire", "CBOR", "Vocabulary", "TestKit", .bytes, .log]),
    tests(
        "TLSTransportTests",
        of: [
            "TLSTransport", "RPC", "CBOR", "Vocabulary", "Wire", "Authority", "TestKit", .log,
            .certificates, .crypto, .moreCrypto, .asn1, .testChannels,
        ] + Target.Dependency.nio, except: ["BadCertificates/peers.py"]),
    tests("StorageTests", of: ["Storage", "Vocabulary", "TestKit", .log]),
    tests(
        "HostingTests",
        of: [
            "Hosting", "Storage", "RPC", "TLSTransport", "Authority", "Vocabulary", "TestKit", .log,
            .metrics,
        ]),
    tests("RegistryTests", of: testing("Registry", peers: ["Clinical"])),
    tests("ClinicalTests", of: testing("Clinical", peers: ["Registry"])),
    tests("EvaluationTests", of: testing("Evaluation", peers: ["Registry", "Clinical"])),
    tests(
        "GatewayTests",
        of: ["Gateway", "Shared", "RegistryAPI", "ClinicalAPI", "EvaluationAPI", .bytes, .log]),
    tests(
        "IntegrationTests",
        of: daemons + [
            "Shared", "Authority", "RegistryAPI", "ClinicalAPI", "EvaluationAPI", "TestKit",
            "EchoServer", "EchoClient", "CBOR", .bytes,
        ],
        except: ["Fixtures", "client.py"]),
    tests(
        "CorpusTests",
        of: [
            "Shared", "CBOR", "RPC", "Hosting", "Gateway", "RegistryAPI", "RegistryServer",
            "ClinicalAPI", "ClinicalServer", "EvaluationAPI", "EvaluationServer", "TestKit",
            "Vocabulary", .log, .bytes,
        ], except: ["Corpus", "access-matrix.csv"]),
    tests("TidyTests", of: []),
]

/// What a service's own tests see: its four folders but the daemon, and its peers' API.
func testing(_ prefix: String, peers: [String]) -> [Target.Dependency] {
    ["API", "Rules", "Server"].map { .own(prefix + $0) } + peers.map { .own($0 + "API") }
        + [
            "Vocabulary", "Instruments", "Statistics", "CBOR", "RPC", "Storage", "Hosting",
            "TestKit", .log, .bytes,
        ]
}

let package = Package(
    name: "Pulih",
    products: [
        .executable(name: "pulih-registry", targets: ["RegistryDaemon"]),
        .executable(name: "pulih-clinical", targets: ["ClinicalDaemon"]),
        .executable(name: "pulih-evaluation", targets: ["EvaluationDaemon"]),
        .executable(name: "pulih", targets: ["Gateway"]),
        .library(name: "Shared", targets: ["Shared"]),
        .executable(name: "pulih-echo-server", targets: ["EchoServer"]),
        .executable(name: "pulih-echo-client", targets: ["EchoClient"]),
        .executable(name: "pulih-echo-coder", targets: ["EchoCoder"]),
    ],
    dependencies: libraries,
    targets: shared + services + [gateway] + echo + checks
)
