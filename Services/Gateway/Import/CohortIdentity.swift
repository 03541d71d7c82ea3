import Crypto
import Foundation
import Shared

/// Makes the identifiers of imported records from what names a row in its source.
///
/// The same program, cohort and key give the same identifiers, so importing a file again, in
/// whatever order or under another name, finds what is there.
struct CohortIdentity {
    let program: String
    let cohort: String
    let key: String

    var participant: ParticipantID { derived("participant") }
    var enrollment: EnrollmentID { derived("enrollment") }

    /// A UUID of version 8 (RFC 9562): the beginning of a SHA-256 of the words, each after its
    /// length, so that no two lists of words run together.
    private func derived<Kind>(_ noun: String) -> Identifier<Kind> {
        var hash = SHA256()
        for word in ["pulih-cohort-1", noun, program, cohort, key] {
            let bytes = Array(word.utf8)
            withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes)
        }
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        return Identifier(
            bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
    }
}
