internal import COpenSSL
internal import NIOCore
internal import Vocabulary

/// One TLS connection without a socket: ciphertext in and out, plaintext in and out.
///
/// It belongs to one event loop. OpenSSL reads and writes the two buffers directly through a BIO
/// of its own, so no byte is copied on the way.
final class TLSSession {
    enum Progress {
        case done
        case needsBytes
        case failed(TLSFailure)
    }

    /// Ciphertext from the peer that OpenSSL has not read yet.
    fileprivate var inbound = ByteBuffer()
    /// Ciphertext that is to be sent.
    fileprivate var outbound = ByteBuffer()
    let ssl: OpaquePointer
    let context: TLSContext
    private let rule: PeerRule
    private let host: String?
    /// What this side itself has found wrong with the peer's certificate.
    private var verdict: TLSFailure?
    private var isBroken = false
    /// The peer's certificate as it was refused.
    private var refused: ShownCertificate?
    /// Who the peer is; set when its certificate was accepted.
    private(set) var peer: Identity?

    init(_ context: TLSContext, rule: PeerRule, host: String?) throws(TLSFailure) {
        ERR_clear_error()
        guard let ssl = SSL_new(context.pointer), let method = RecordBIO.method,
            let bio = BIO_new(method)
        else { throw .configuration("OpenSSL gives no session") }
        self.ssl = ssl
        self.context = context
        self.rule = rule
        self.host = host
        // Both sides of SSL share the one BIO, and SSL_free gives up its one reference.
        SSL_set_bio(ssl, bio, bio)
        let me = Unmanaged.passUnretained(self).toOpaque()
        BIO_set_data(bio, me)
        BIO_set_init(bio, 1)
        pulih_SSL_set_app_data(ssl, me)
        switch context.role {
        case .service: SSL_set_accept_state(ssl)
        case .caller:
            SSL_set_connect_state(ssl)
            try checkHost()
        }
    }

    deinit { SSL_free(ssl) }

    private func checkHost() throws(TLSFailure) {
        guard let host else { throw .configuration("a caller must name the host it wants") }
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
        if isAddress { return }
        ERR_clear_error()
        SSL_set_hostflags(
            ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        guard SSL_set1_host(ssl, host) == 1, pulih_SSL_set_tlsext_host_name(ssl, host) == 1 else {
            throw .configuration("\(host) is not a host name")
        }
    }

    /// Called by OpenSSL while it judges the peer's own certificate.
    ///
    /// Returns what is wrong with it; nil where nothing is.
    func judge(_ certificate: OpaquePointer) -> TLSFailure? {
        do throws(PeerIdentity.Problem) {
            let identity = try PeerIdentity.of(certificate)
            verdict =
                rule.problem(with: identity).map { .peerIdentity($0) }
                ?? CertificateProfile.problem(with: certificate, as: context.role)
                .map { .peerHasOtherProfile($0) }
                ?? context.revocation(of: certificate, identity)
            if verdict == nil { peer = identity }
        } catch {
            verdict = .peerIdentity(error.description)
        }
        return verdict
    }

    /// Called by OpenSSL's check when it has refused the peer's own certificate or one above it.
    func noteRefused(_ certificate: OpaquePointer) {
        refused = ShownCertificate(of: certificate)
    }

    /// The certificate that the peer has shown, whether or not it was accepted; nil where there
    /// is none that can be read.
    var shown: ShownCertificate? {
        defer { ERR_clear_error() }
        return refused ?? SSL_get0_peer_certificate(ssl).map(ShownCertificate.init(of:))
    }

    // MARK: Moving bytes

    func receive(_ bytes: ByteBuffer) {
        if inbound.readableBytes == 0 {
            inbound = bytes
        } else {
            inbound.discardReadBytes()
            inbound.writeImmutableBuffer(bytes)
        }
    }

    /// Lends a buffer for what is to be sent, so that its memory is used again.
    func lend(_ records: inout ByteBuffer) {
        guard outbound.readableBytes == 0 else { return }
        outbound = records
        records = ByteBuffer()
        outbound.clear()
    }

    /// Takes what is to be sent to the peer; nil where there is nothing.
    ///
    /// `records`: gets the buffer back that was lent.
    func takeOutbound(returning records: inout ByteBuffer) -> ByteBuffer? {
        let bytes = outbound
        outbound = ByteBuffer()
        records = bytes
        return bytes.readableBytes > 0 ? bytes : nil
    }

    func handshake() -> Progress {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        guard result != 1 else { return checkALPN() }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsBytes
        default: return .failed(fail())
        }
    }

    private func checkALPN() -> Progress {
        guard context.role == .caller else { return .done }
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        return length == UInt32(TLSContext.alpn.count - 1) ? .done : .failed(.protocolRefused)
    }

    /// Decrypts what has arrived into `plaintext`.
    func read(into plaintext: inout ByteBuffer) -> Progress {
        while true {
            ERR_clear_error()
            var count = 0
            var code: Int32 = 1
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 16_384) { free in
                code = SSL_read_ex(ssl, free.baseAddress, free.count, &count)
                return code == 1 ? count : 0
            }
            if code == 1 { continue }
            switch SSL_get_error(ssl, code) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
                if inbound.readableBytes == 0 { inbound = ByteBuffer() }
                return .needsBytes
            case SSL_ERROR_ZERO_RETURN: return .done
            default: return .failed(fail())
            }
        }
    }

    /// Encrypts `plaintext` into the outbound buffer.
    func write(_ plaintext: ByteBuffer) -> TLSFailure? {
        guard plaintext.readableBytes > 0 else { return nil }
        ERR_clear_error()
        var count = 0
        // The BIO takes everything, so SSL_write_ex writes all or fails for good.
        let code = plaintext.withUnsafeReadableBytes { bytes in
            SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
        }
        return code == 1 ? nil : fail()
    }

    /// Says farewell, unless the session has failed: then OpenSSL must not be called again.
    func shutdown() {
        guard !isBroken, SSL_is_init_finished(ssl) == 1 else { return }
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    private func fail() -> TLSFailure {
        isBroken = true
        let judged = verdict ?? TLSFailure(verifyResult: SSL_get_verify_result(ssl), host: host)
        let queued = TLSFailure(errorQueue: ())
        // A missing certificate leaves the verdict at "fine", and an alert speaks of our own.
        return judged ?? queued
    }
}

/// The BIO through which OpenSSL reads and writes a session's buffers.
private enum RecordBIO {
    /// Made once; OpenSSL only reads it.
    nonisolated(unsafe) static let method: OpaquePointer? = {  // immutable after this closure
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "pulih records")
        else { return nil }
        BIO_meth_set_write_ex(method, write)
        BIO_meth_set_read_ex(method, read)
        BIO_meth_set_ctrl(method, control)
        return method
    }()

    // The session owns the BIO through its SSL and frees it in deinit, so the pointer is valid
    // whenever OpenSSL calls.
    private static func session(_ bio: OpaquePointer?) -> TLSSession? {
        guard let bio, let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    }

    private static let write:
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>?, Int, UnsafeMutablePointer<Int>?
        ) -> Int32 = { bio, bytes, count, written in
            guard let session = session(bio), let bytes else { return 0 }
            pulih_BIO_clear_retry_flags(bio)
            session.outbound.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
            written?.pointee = count
            return 1
        }

    private static let read:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?
        ) -> Int32 = { bio, bytes, count, taken in
            guard let session = session(bio), let bytes else { return 0 }
            pulih_BIO_clear_retry_flags(bio)
            let available = min(count, session.inbound.readableBytes)
            guard available > 0 else {
                pulih_BIO_set_retry_read(bio)
                return 0
            }
            session.inbound.readWithUnsafeReadableBytes { source in
                UnsafeMutableRawBufferPointer(start: bytes, count: available)
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<available]))
                return available
            }
            taken?.pointee = available
            return 1
        }

    private static let control:
        @convention(c) (OpaquePointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int = {
            _, command, _, _ in
            command == BIO_CTRL_FLUSH ? 1 : 0
        }
}
