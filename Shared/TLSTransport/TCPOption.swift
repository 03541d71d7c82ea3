internal import NIOCore

/// What is set on sockets and has no name in the libraries.
enum TCPOption {
    /// TCP_USER_TIMEOUT (RFC 5482).
    static let userTimeout = NIOBSDSocket.Option(rawValue: 18)
    /// Milliseconds that sent bytes may go without being acknowledged before the connection is
    /// given up: a dead host sends nothing, and by default is waited for a quarter of an hour.
    static let userTimeoutMilliseconds: SocketOptionValue = 8000
}
