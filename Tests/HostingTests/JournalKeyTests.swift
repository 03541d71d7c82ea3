import Hosting
import TestKit
import Testing

@Suite("The file with the journal's key")
struct JournalKeyTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// What a service reads from a file with this mode.
    private func read(_ mode: Int, asCredential: Bool = false) async throws -> [UInt8] {
        let file = try directory.write("journal.key", String(repeating: "5a", count: 32) + "\n")
        try TemporaryDirectory.allow(mode, on: file)
        let configuration = try await HostConfiguration.read(
            file: nil,
            environment: asCredential ? ["CREDENTIALS_DIRECTORY": directory.path] : [:],
            flags: [
                "listen": "127.0.0.1:0", "tls.certificate": "c", "tls.key": "k",
                "tls.authorities": "a", "store.directory": "s", "store.journalKey": file,
                "store.encryptionKey": "e",
            ])
        return try configuration.journalKey()
    }

    @Test("is taken where its owner alone can read it", arguments: [0o600, 0o400])
    func own(mode: Int) async throws {
        #expect(try await read(mode) == [UInt8](repeating: 0x5a, count: 32))
    }

    @Test("is refused where others can read it", arguments: [0o640, 0o604, 0o440])
    func open(mode: Int) async throws {
        let problem = await #expect(throws: ConfigurationProblem.self) { try await read(mode) }
        #expect(problem?.description.contains("can be read by others") == true)
    }

    @Test("may show systemd's access list as a credential, and nothing beyond it")
    func credential() async throws {
        #expect(try await read(0o440, asCredential: true).count == 32)
        for mode in [0o444, 0o460] {
            let problem = await #expect(throws: ConfigurationProblem.self) {
                try await read(mode, asCredential: true)
            }
            #expect(problem?.description.contains("can be read by others") == true)
        }
    }
}
