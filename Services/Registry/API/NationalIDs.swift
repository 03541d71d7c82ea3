package import RPC
package import Vocabulary

/// Shows somebody's NIK, which every other reply masks.
///
/// The person's log says who asked for it, and why.
package struct RevealNationalID: RPCMethod, AboutParticipant {
    package static let name: MethodName = "registry.participant.reveal-nik"
    package static let access = Access.staff(.registrar)
    package static let section = Section.identity
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID

    package init(participant: ParticipantID) {
        self.participant = participant
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Absent where it is not known.
        package let number: NationalID?
        package let unknownReason: String?

        package init(number: NationalID?, unknownReason: String?) {
            self.number = number
            self.unknownReason = unknownReason
        }
    }
}

extension ParticipantIdentity {
    /// The same with the last four digits in the place of the NIK.
    fileprivate var masked: ParticipantIdentity {
        var masked = self
        masked.nikEnd = nik.map { String($0.digits.suffix(4)) }
        masked.nik = nil
        return masked
    }
}

extension Participant: MaskedInReplies {
    package var masked: Participant {
        var masked = self
        masked.identity = identity.masked
        return masked
    }
}

extension ListParticipants.Reply: MaskedInReplies {
    package var masked: Self { Self(participants: participants.map(\.masked), next: next) }
}

extension RegisterParticipant.Reply: MaskedInReplies {
    package var masked: Self {
        Self(participant: participant.masked, warnings: warnings, duplicates: duplicates)
    }
}

extension LegalChange: MaskedInReplies {
    package var masked: Self { Self(participant: participant.masked, warnings: warnings) }
}

extension Departure: MaskedInReplies {
    package var masked: Self { Self(participant: participant.masked, enrollment: enrollment) }
}

extension TransferEnrollment.Reply: MaskedInReplies {
    package var masked: Self { Self(enrollment: enrollment, participant: participant.masked) }
}
