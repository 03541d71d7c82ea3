import Foundation
import RPC
import TestKit
import Testing
import Vocabulary

@Suite("A service keeps to itself", .timeLimit(.minutes(2)))
struct HardeningTests {
    private static let analyzer = "/usr/bin/systemd-analyze"

    /// What `systemd-analyze security` gives a unit, from 0 (closed) to 10 (open).
    private func exposure(of unit: String) async throws -> Double {
        let directory = try TemporaryDirectory()
        let file = try directory.write("pulih@registry.service", unit)
        let analysis = try await OtherProgram(
            Self.analyzer, "security", "--offline=true", "--no-pager", file)
        let found = try #require(
            analysis.output.firstMatch(of: /Overall exposure level for .*:\s([0-9.]+)\s/),
            "\(analysis.output)")
        return try #require(Double(found.1))
    }

    @Test(
        "by its unit, which is scored no more than 1.5 of 10",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: analyzer),
            "systemd-analyze is not installed"))
    func unit() async throws {
        let unit = try String(
            contentsOfFile: PulihCommand.root + "/deploy/systemd/pulih@.service", encoding: .utf8)
        let score = try await exposure(of: unit)
        SecurityFigure.atMost("systemd exposure score", score, 1.5)
        #expect(score <= 1.5)
        // A unit that only starts the program is open.
        #expect(try await exposure(of: "[Service]\nExecStart=/usr/local/bin/pulih-registry\n") > 9)
    }

    /// A service of nobody's in a place where it may dump core.
    private func exposed(_ body: (RunningService, Cluster, String) async throws -> Void)
        async throws
    {
        let site = try Telltale(Unprivileged())
        let cluster = try Cluster(at: site)
        let service = try await cluster.start(.registry)
        defer { service.kill() }
        try await body(service, cluster, site.directory.path)
    }

    private static let isRoot = getuid() == 0

    @Test(
        "in memory: others of the same user can neither read it nor attach to it",
        .enabled(if: isRoot, "only root can start a program as another user"))
    func memory() async throws {
        try await exposed { service, _, _ in
            let limits = try String(contentsOfFile: "/proc/\(service.id)/limits", encoding: .utf8)
            #expect(limits.contains(/Max core file size\s+0\s+0\s/), "\(limits)")
            let owner =
                try FileManager.default.attributesOfItem(
                    atPath: "/proc/\(service.id)/environ")[.ownerAccountID] as? NSNumber
            #expect(owner == 0, "the system counts it as a process whose memory may be dumped")
            #expect(try await !canLookInto(service.id))
        }
        // Into another process of that user one can look.
        let other = Process()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        other.arguments = Self.asNobody + ["/bin/sleep", "60"]
        try other.run()
        defer { other.terminate() }
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        var sees = false
        while !sees, ContinuousClock.now < deadline {
            sees = try await canLookInto(other.processIdentifier)
        }
        #expect(sees)
    }

    private static let asNobody = [
        "--reuid=\(Unprivileged.user)", "--regid=\(Unprivileged.user)", "--clear-groups",
    ]

    /// Whether the user that services run as here reads a process's surroundings and attaches to
    /// it, as a debugger does.
    private func canLookInto(_ id: Int32) async throws -> Bool {
        let attach = """
            import ctypes, os, sys
            library, process = ctypes.CDLL(None, use_errno=True), int(sys.argv[1])
            open(f"/proc/{process}/environ", "rb").read()
            library.ptrace.argtypes = [ctypes.c_long] * 4
            if library.ptrace(16, process, 0, 0) != 0:  # PTRACE_ATTACH
                sys.exit(os.strerror(ctypes.get_errno()))
            os.waitpid(process, 0)
            library.ptrace(17, process, 0, 0)  # PTRACE_DETACH
            """
        let program = try await OtherProgram(
            "/usr/bin/setpriv", "--reuid=\(Unprivileged.user)", "--regid=\(Unprivileged.user)",
            "--clear-groups", "/usr/bin/python3", "-c", attach, "\(id)")
        return program.status == 0
    }

    @Test(
        "when it crashes: it dumps no core, and says nothing of what it had in memory",
        .enabled(if: isRoot, "only root can start a program as another user"),
        arguments: [SIGSEGV, SIGABRT])
    func crash(signal: Int32) async throws {
        try await exposed { service, cluster, directory in
            let before = try cluster.log(of: .registry)
            kill(service.id, signal)
            #expect(service.stop() == signal)
            let last = try cluster.log(of: .registry).dropFirst(before.count)
            #expect(!last.contains("crash") && !last.contains("Thread") && !last.contains("0x"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
        }
    }
}
