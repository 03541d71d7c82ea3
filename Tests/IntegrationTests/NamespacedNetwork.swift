import Foundation
import TLSTransport
import TestKit
import Vocabulary

/// A host each for the services and the gateway: network namespaces, joined by a bridge.
///
/// Every host has a name and an address of its own, and finds the others by their names. All of
/// it is taken away with the value.
final class NamespacedNetwork: Site {
    static let gateway = "gateway"
    private static let hosts = ServiceName.allCases.map(\.rawValue) + [gateway]
    private static let domain = "hosts.pulih.test"

    private let tag: String
    private let shell: TemporaryDirectory

    /// Why this machine lets nobody make one; nil where it can be made.
    static let obstacle: String? = {
        guard getuid() == 0 else { return "only root makes network namespaces" }
        let name = "pulih-probe-\(getpid())"
        do {
            try ip("netns", "add", name)
            try ip("-n", name, "link", "add", "probe", "type", "bridge")
            try ip("netns", "delete", name)
            return nil
        } catch {
            try? ip("netns", "delete", name)
            return "network namespaces cannot be made here: \(error)"
        }
    }()

    init() throws {
        tag = "pulih-\(getpid())-\(UInt16.random(in: 0...UInt16.max))"
        shell = try TemporaryDirectory()
        try Self.ip("netns", "add", bridge)
        try Self.ip("-n", bridge, "link", "add", "hosts", "type", "bridge")
        try Self.ip("-n", bridge, "link", "set", "hosts", "up")
        for host in Self.hosts { try join(host) }
    }

    deinit {
        for host in Self.hosts {
            try? Self.ip("netns", "delete", namespace(of: host))
            try? FileManager.default.removeItem(atPath: "/etc/netns/\(namespace(of: host))")
        }
        try? Self.ip("netns", "delete", bridge)
    }

    private var bridge: String { tag + "-bridge" }
    private func namespace(of host: String) -> String { "\(tag)-\(host)" }

    private static func literal(_ host: String) -> String {
        "10.213.0.\((hosts.firstIndex(of: host) ?? 0) + 1)"
    }

    private func join(_ host: String) throws {
        let namespace = namespace(of: host)
        try Self.ip("netns", "add", namespace)
        try Self.ip(
            "-n", namespace, "link", "add", "net", "type", "veth", "peer", "name", host, "netns",
            bridge)
        try Self.ip("-n", bridge, "link", "set", host, "master", "hosts")
        try Self.ip("-n", bridge, "link", "set", host, "up")
        try Self.ip("-n", namespace, "address", "add", Self.literal(host) + "/24", "dev", "net")
        try Self.ip("-n", namespace, "link", "set", "net", "up")
        try Self.ip("-n", namespace, "link", "set", "lo", "up")
        // `ip netns exec` shows a host the files that lie here in the place of those in /etc.
        let directory = "/etc/netns/" + namespace
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let names = Self.hosts.map { "\(Self.literal($0)) \($0).\(Self.domain)\n" }.joined()
        try names.write(toFile: directory + "/hosts", atomically: true, encoding: .utf8)
    }

    /// Takes a host's cable out.
    func cut(_ host: String) throws { try Self.ip("-n", bridge, "link", "set", host, "down") }

    /// Puts a host's cable back.
    func mend(_ host: String) throws { try Self.ip("-n", bridge, "link", "set", host, "up") }

    func address(of service: ServiceName) -> ServiceAddress {
        ServiceAddress(host: names(of: service)[0], port: 7400)
    }

    func names(of service: ServiceName) -> [String] { ["\(service.rawValue).\(Self.domain)"] }

    func command(_ command: [String], on host: String) -> [String] {
        // The name of the machine is the host's own too. Each step becomes the next.
        let enter = "echo \"$0\" > /proc/sys/kernel/hostname && exec \"$@\""
        return ["/usr/bin/env", "ip", "netns", "exec", namespace(of: host)]
            + ["unshare", "--uts", "sh", "-c", enter, host] + command
    }

    private static func ip(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ClusterProblem(description: "ip \(arguments.joined(separator: " ")) failed")
        }
    }
}
