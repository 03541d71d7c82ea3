internal import RPC
package import Vocabulary

/// Why somebody was not there.
package enum AbsenceReason: String, Codable, Hashable, Sendable, CaseIterable {
    case court
    /// Bon: lent to the police for a case.
    case policeLoan = "police-loan"
    case isolation
    case illness
    case refused
    case unexcused

    /// Whether it is held against the person: they could have come, and did not.
    package var countsAgainst: Bool {
        switch self {
        case .refused, .unexcused: true
        case .court, .policeLoan, .isolation, .illness: false
        }
    }
}

/// One line of an attendance sheet.
package struct Attendance: Codable, Hashable, Sendable {
    package enum Mark: Hashable, Sendable {
        case present
        case absent(AbsenceReason)
    }

    package let participant: ParticipantID
    package let mark: Mark

    package init(participant: ParticipantID, mark: Mark) {
        self.participant = participant
        self.mark = mark
    }
}

/// Written as one word: `present`, or the reason of the absence.
extension Attendance.Mark: Codable {
    package init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        if word == "present" {
            self = .present
        } else if let reason = AbsenceReason(rawValue: word) {
            self = .absent(reason)
        } else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "attendance must be present or the reason of an absence"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .present: try container.encode("present")
        case .absent(let reason): try container.encode(reason.rawValue)
        }
    }
}

extension Attendance.Mark: Exemplified {
    package static var examples: [Attendance.Mark] { [.present] }
}
