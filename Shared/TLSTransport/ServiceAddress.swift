/// Where a service listens.
package struct ServiceAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or a literal address; the service's certificate must be for it.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
    package init?(text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self.init(host: host, port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension ServiceAddress {
    /// A part of a list that is no address.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let part: String

        package init(part: String) { self.part = part }

        package var description: String {
            part.isEmpty
                ? "an address is missing"
                : "“\(part)” is not HOST:PORT"
        }
    }

    /// Reads one address or several, separated by commas.
    ///
    /// The next is tried where one does not answer. Spaces around an address do not count.
    /// - Throws: ``Problem`` naming the first part that is wrong.
    package static func list(text: String) throws(Problem) -> [ServiceAddress] {
        var addresses: [ServiceAddress] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = String(piece.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            guard let address = ServiceAddress(text: part), address.port > 0 else {
                throw Problem(part: part)
            }
            addresses.append(address)
        }
        return addresses
    }
}
