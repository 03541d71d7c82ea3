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
    /// Reads one address or several, separated by commas: the next is tried where one does not
    /// answer.
    package static func list(text: String) -> [ServiceAddress]? {
        let addresses = text.split(separator: ",", omittingEmptySubsequences: false).map {
            ServiceAddress(text: String($0))
        }
        let all = addresses.compactMap { $0 }
        return all.isEmpty || all.count != addresses.count ? nil : all
    }
}
