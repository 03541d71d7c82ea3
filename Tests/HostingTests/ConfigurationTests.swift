import Hosting
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A service's configuration")
struct ConfigurationTests {
    private let directory: TemporaryDirectory
    private let good = [
        "listen": "127.0.0.1:7401", "tls.certificate": "c", "tls.key": "k",
        "tls.authorities": "a", "store.directory": "s", "store.journalKey": "j",
        "store.encryptionKey": "e",
    ]

    init() throws { directory = try TemporaryDirectory() }

    private func read(
        file: String? = nil, _ environment: [String: String] = [:], flags: [String: String]
    ) async throws -> HostConfiguration {
        try await HostConfiguration.read(file: file, environment: environment, flags: flags)
    }

    private func problem(
        file: String? = nil, _ environment: [String: String] = [:],
        _ change: (inout [String: String]) -> Void = { _ in }
    ) async -> ConfigurationProblem? {
        var flags = good
        change(&flags)
        do {
            _ = try await read(file: file, environment, flags: flags)
            return nil
        } catch {
            return error as? ConfigurationProblem
        }
    }

    @Test("takes a setting from the file, over it the environment, over both the flags")
    func precedence() async throws {
        let file = try directory.write(
            "settings.json",
            #"{"listen": "a:1", "log": {"level": "debug"}, "store": {"journalKey": "file"}}"#)
        var flags = good
        flags["listen"] = nil
        flags["store.journalKey"] = nil
        let fromFile = try await read(file: file, flags: flags)
        #expect(fromFile.listen.description == "a:1")
        #expect(fromFile.journalKeyFile == "file")
        #expect(fromFile.logLevel == "debug")
        let environment = [
            "PULIH_LISTEN": "b:2", "PULIH_STORE_JOURNAL_KEY": "environment", "HOME": "/",
        ]
        let fromEnvironment = try await read(file: file, environment, flags: flags)
        #expect(fromEnvironment.listen.description == "b:2")
        #expect(fromEnvironment.journalKeyFile == "environment")
        flags["listen"] = "c:3"
        let fromFlags = try await read(file: file, environment, flags: flags)
        #expect(fromFlags.listen.description == "c:3")
        #expect(fromFlags.journalKeyFile == "environment")
    }

    @Test("has a value for all that need not be set")
    func defaults() async throws {
        let configuration = try await read(flags: good)
        #expect(configuration.logLevel == "info")
        #expect(configuration.stopSeconds == 10)
        #expect(!configuration.acceptsRestored)
        #expect(configuration.peers.isEmpty)
    }

    @Test(
        "names what is not set",
        arguments: [
            "listen", "tls.certificate", "tls.key", "tls.authorities", "store.directory",
            "store.journalKey", "store.encryptionKey",
        ])
    func missing(key: String) async throws {
        let problem = await problem { $0[key] = nil }
        #expect(problem?.key == key)
        #expect(problem?.description.contains("is not set") == true)
    }

    @Test(
        "names a wrong value's setting, and where it stands",
        arguments: [
            ("listen", "7401"), ("peers.clinical", "somewhere"), ("log.level", "loud"),
            ("stop.seconds", "-1"), ("store.acceptRestored", "yes"), ("tls.key", ""),
        ])
    func wrong(key: String, value: String) async throws {
        let problem = await problem { $0[key] = value }
        #expect(problem?.key == key)
        #expect(problem?.source == "a flag")
        #expect(problem?.description.contains("must be") == true)
    }

    @Test("takes several addresses of a peer, and names the one that is wrong")
    func peers() async throws {
        var flags = good
        flags["peers.registry"] = "a.test:7401, b.test:7401"
        let configuration = try await read(flags: flags)
        #expect(
            configuration.peers[.registry]?.map(\.description) == ["a.test:7401", "b.test:7401"])
        let problem = await problem { $0["peers.registry"] = "a.test:7401,b.test" }
        #expect(problem?.key == "peers.registry")
        #expect(problem?.description.contains("“b.test” is not HOST:PORT") == true)
    }

    @Test("names the variable or the file where a wrong value stands")
    func sources() async throws {
        let variable = await problem(["PULIH_STOP_SECONDS": "long"])
        #expect(variable?.source == "the environment, PULIH_STOP_SECONDS")
        let file = try directory.write("wrong.json", #"{"stop": {"seconds": "long"}}"#)
        #expect(await problem(file: file)?.source == file)
        let number = try directory.write("number.json", #"{"stop": {"seconds": 10}}"#)
        #expect(await problem(file: number)?.key == "stop.seconds")
    }

    @Test("has no setting that nobody knows, wherever it stands")
    func unknown() async throws {
        let flag = await problem { $0["store.dirctory"] = "x" }
        #expect(flag?.key == "store.dirctory")
        let variable = await problem(["PULIH_LISTEM": "x"])
        #expect(variable?.key == "PULIH_LISTEM")
        let file = try directory.write("unknown.json", #"{"tls": {"keys": "x"}}"#)
        #expect(await problem(file: file)?.key == "tls.keys")
        // Those of the command, of the trial and of the tests may be around.
        for name in ["CONTEXTS", "TRIAL", "PORTS", "BUILD", "SCHEDULES", "RECORD_CORPUS"] {
            #expect(await problem(["PULIH_" + name: "x"]) == nil, "\(name)")
        }
    }

    @Test("needs a file that is there and is JSON")
    func file() async throws {
        let missing = directory.path + "/missing.json"
        #expect(await problem(file: missing)?.key == missing)
        let text = try directory.write("text.json", "listen = 1")
        #expect(await problem(file: text)?.key == text)
    }
}
