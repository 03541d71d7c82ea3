package import FoundationEssentials

/// Names one record for ever: a UUID of version 7 (RFC 9562), made by whoever creates the record.
///
/// Imported records have one of version 8, derived from what names them in their source. Because the caller chooses it, a repeated call names the same record again. `Noun` only keeps
/// an identifier of one kind from being passed where another is meant. An identifier is not a
/// secret, and says nothing about the person.
package struct Identifier<Noun>: Hashable, Sendable {
    package let uuid: UUID

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Puts an identifier together from a time and 74 random bits.
    ///
    /// - Parameters:
    ///   - time: when the record is made; milliseconds of it become the leading 48 bits, so
    ///     identifiers sort by age.
    ///   - high: random; the low 12 bits are used.
    ///   - low: random; the low 62 bits are used.
    package init(at time: Timestamp, high: UInt64, low: UInt64) {
        let milliseconds = UInt64(clamping: time.microseconds / 1000)
        let first = milliseconds << 16 | 0x7000 | high & 0x0fff
        let second = 0x8000_0000_0000_0000 | low & 0x3fff_ffff_ffff_ffff
        self.init(first: first, second: second)
    }

    private init(first a: UInt64, second b: UInt64) {
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 {
            UInt8(truncatingIfNeeded: word >> (56 - 8 * index))
        }
        uuid = UUID(
            uuid: (
                byte(a, 0), byte(a, 1), byte(a, 2), byte(a, 3), byte(a, 4), byte(a, 5), byte(a, 6),
                byte(a, 7), byte(b, 0), byte(b, 1), byte(b, 2), byte(b, 3), byte(b, 4), byte(b, 5),
                byte(b, 6), byte(b, 7)
            ))
    }

    /// Makes a fresh identifier with the system's random source.
    package static func random(at time: Timestamp) -> Self {
        var source = SystemRandomNumberGenerator()
        return Self(at: time, high: source.next(), low: source.next())
    }

    /// Reads the usual 36-character form; nil where the text is not a UUID.
    package init?(text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.init(uuid)
    }
}

extension Identifier: Comparable {
    package static func < (one: Self, other: Self) -> Bool { one.uuid < other.uuid }
}

extension Identifier: CustomStringConvertible {
    /// Lower case, as RFC 9562 writes it.
    package var description: String { uuid.uuidString.lowercased() }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(UUID.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uuid)
    }
}

/// The kinds of record that carry an identifier.
package enum Noun {
    package enum Facility {}
    package enum Institution {}
    package enum Agreement {}
    package enum Program {}
    package enum Staff {}
    package enum Participant {}
    package enum Consent {}
    package enum Decision {}
    package enum Decree {}
    package enum Enrollment {}
    package enum Assessment {}
    package enum Administration {}
    package enum Session {}
    package enum Note {}
    package enum UrineTest {}
    package enum Alert {}
    package enum Evaluation {}
    package enum Contact {}
    package enum Outcome {}
    package enum Item {}
    package enum Revocation {}
    package enum LegalRequest {}
    package enum SubjectRequest {}
    package enum Breach {}
    package enum Disclosure {}
    package enum Key {}
    package enum EmergencyAccess {}
    package enum BulkReading {}
    package enum RefusedCertificate {}
}

package typealias FacilityID = Identifier<Noun.Facility>
package typealias InstitutionID = Identifier<Noun.Institution>
package typealias AgreementID = Identifier<Noun.Agreement>
package typealias ProgramID = Identifier<Noun.Program>
package typealias StaffID = Identifier<Noun.Staff>
package typealias ParticipantID = Identifier<Noun.Participant>
package typealias ConsentID = Identifier<Noun.Consent>
/// A decision of the assessment team.
package typealias DecisionID = Identifier<Noun.Decision>
/// A decree (SK) that appoints participants.
package typealias DecreeID = Identifier<Noun.Decree>
package typealias EnrollmentID = Identifier<Noun.Enrollment>
package typealias AssessmentID = Identifier<Noun.Assessment>
/// One administration of one instrument.
package typealias AdministrationID = Identifier<Noun.Administration>
package typealias SessionID = Identifier<Noun.Session>
package typealias NoteID = Identifier<Noun.Note>
package typealias UrineTestID = Identifier<Noun.UrineTest>
package typealias AlertID = Identifier<Noun.Alert>
package typealias EvaluationID = Identifier<Noun.Evaluation>
package typealias ContactID = Identifier<Noun.Contact>
package typealias OutcomeID = Identifier<Noun.Outcome>
/// One recorded item of the legal minimum.
package typealias ItemID = Identifier<Noun.Item>
/// A leave to read in an emergency.
package typealias EmergencyAccessID = Identifier<Noun.EmergencyAccess>
/// A decision that revokes certificates.
package typealias RevocationID = Identifier<Noun.Revocation>
/// A request of police, prosecutor or court.
package typealias LegalRequestID = Identifier<Noun.LegalRequest>
/// A person's request about their own data.
package typealias SubjectRequestID = Identifier<Noun.SubjectRequest>
package typealias BreachID = Identifier<Noun.Breach>
/// One giving-out of a person's data.
package typealias DisclosureID = Identifier<Noun.Disclosure>
/// A time when somebody asked for the records of very many people.
package typealias BulkReadingID = Identifier<Noun.BulkReading>
/// A certificate that was refused.
package typealias RefusedCertificateID = Identifier<Noun.RefusedCertificate>
/// Names one logical write, so that repeating it has one effect.
package typealias IdempotencyKey = Identifier<Noun.Key>
