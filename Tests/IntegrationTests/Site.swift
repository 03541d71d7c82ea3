import Foundation
import TLSTransport
import Vocabulary

/// Where services run, and how a program is started there.
protocol Site: Sendable {
    /// Where a service listens, as its peers and callers name it.
    func address(of service: ServiceName) -> ServiceAddress
    /// The names and addresses that a service's certificate is for.
    func names(of service: ServiceName) -> [String]
    /// What to execute so that a command runs on a host.
    ///
    /// It must become the command, and not start it as a child: a test ends processes by their id.
    func command(_ command: [String], on host: String) -> [String]
    /// Lets the services use directories that were made for them.
    func admit(_ directories: [String]) throws
}

extension Site {
    func admit(_ directories: [String]) throws {}
}

/// This machine, where only the ports differ.
///
/// Every service has its port from the beginning, and keeps it over a restart: services follow each
/// other, so each must know where the others will be before any of them runs.
struct Loopback: Site {
    private let ports: [ServiceName: ReservedPort]

    init() throws {
        ports = try Dictionary(
            uniqueKeysWithValues: ServiceName.allCases.map { ($0, try ReservedPort()) })
    }

    func address(of service: ServiceName) -> ServiceAddress {
        ServiceAddress(host: "127.0.0.1", port: ports[service]?.number ?? 0)
    }

    func names(of service: ServiceName) -> [String] { ["localhost", "127.0.0.1"] }

    func command(_ command: [String], on host: String) -> [String] { command }
}

/// A port of the loopback that no other program is given.
///
/// The socket is bound and never listens. Linux lets a service that sets `SO_REUSEADDR` listen at
/// the same address, and gives the port to nobody who asks for any free one.
private final class ReservedPort: Sendable {
    let number: Int
    private let socket: CInt

    init() throws {
        let socket = Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var yes: CInt = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else {
            close(socket)
            throw ClusterProblem(description: "no port is free")
        }
        self.socket = socket
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(socket) }
}
