import RPC
import Synchronization
import TLSTransport
import Vocabulary

/// Keeps what a listener says of the certificates that it refuses.
final class RefusalKeeper: CertificateRefusals {
    struct Refusal: Hashable {
        let certificate: ShownCertificate
        let reason: RefusedCertificate.Reason
        let from: String
    }

    private let kept = Mutex<[Refusal]>([])

    var refusals: [Refusal] { kept.withLock { $0 } }

    func note(
        _ certificate: ShownCertificate, _ reason: RefusedCertificate.Reason, from: String
    ) {
        kept.withLock { $0.append(Refusal(certificate: certificate, reason: reason, from: from)) }
    }

    /// Whether a bad caller was told of as it should be: once, by its own certificate, or not at
    /// all where it showed none that this protocol knows.
    func fits(_ bad: BadCertificate) -> Bool {
        guard bad.habit == .none else { return refusals.isEmpty }
        guard let refusal = refusals.first, refusals.count == 1 else { return false }
        let shown = refusal.certificate
        let hasOtherURI = Self.otherURIs.contains(bad.name)
        return refusal.from == "127.0.0.1" && refusal.reason == Self.reason(of: bad)
            && (hasOtherURI || shown.uris == [BadCertificate.holder(.caller)])
            && (shown.serial?.digits == "510203040506070809") == !Self.otherSerials.contains(
                bad.name)
            && shown.subject?.isEmpty == false
    }

    /// Those that name somebody else or nobody.
    private static let otherURIs: Set<String> = [
        "that names its holder as subject only", "without any alternative name", "with two URIs",
        "with a NUL in its URI", "with letters that look alike in its URI",
        "with bytes that are no text in its URI", "whose URI is no SPIFFE identifier",
        "with a part too many in its URI", "with an empty part in its URI", "with an unknown role",
        "of an unknown service", "of another trust domain",
    ]

    private static let otherSerials: Set<String> = ["without a serial number above zero"]

    /// What the words of the log come to.
    private static func reason(of bad: BadCertificate) -> RefusedCertificate.Reason {
        if otherURIs.contains(bad.name) { return .noIdentity }
        return switch bad.words {
        case "has expired": .expired
        case "not valid yet": .notYetValid
        case "is revoked": .revoked
        case "not from an authority that is trusted": .otherAuthority
        case "not made for this side": .wrongPurpose
        case "not made as `pulih pki` makes them", "issue others", "serial number": .otherProfile
        default: .unsound
        }
    }
}
