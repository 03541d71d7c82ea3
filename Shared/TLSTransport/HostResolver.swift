internal import Glibc

/// Finds the addresses that a host's name stands for.
package struct HostResolver: Sendable {
    /// Why a name has no address.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    let addresses: @Sendable (String) throws -> [String]

    /// `addresses`: the literal addresses of a name, the best first; it may block.
    package init(_ addresses: @escaping @Sendable (String) throws -> [String]) {
        self.addresses = addresses
    }

    /// What this machine knows: its own table of hosts, then DNS.
    package static let system = HostResolver { host in
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &first)
        defer { if let first { freeaddrinfo(first) } }
        guard code == 0 else { throw Problem(String(cString: gai_strerror(code))) }
        var found: [String] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(
                    entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                    NI_NUMERICHOST) == 0
            else { continue }
            found.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
        }
        return found
    }
}
