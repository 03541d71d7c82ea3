import RPC
package import RegistryAPI
import Vocabulary

/// What is known when a member of staff is added.
package struct StaffFacts: Hashable, Sendable {
    package var facilityCodes: Set<String>
    package var institutionCodes: Set<String>
    package var staff: [Staff]

    package init(facilityCodes: Set<String>, institutionCodes: Set<String>, staff: [Staff]) {
        self.facilityCodes = facilityCodes
        self.institutionCodes = institutionCodes
        self.staff = staff
    }
}

/// Decides on members of staff.
package enum StaffRules {
    /// Adds a member of staff.
    package static func add(_ call: AddStaff, facts: StaffFacts) throws -> Staff {
        let member = call.member
        try Input.text(member.code, "member.code", max: Input.codeMax)
        guard member.code.utf8.allSatisfy(isPlain) else {
            throw InvalidInput(
                "member.code", "must have letters, digits, dots, dashes and underscores only")
        }
        try Input.text(member.name, "member.name")
        try Input.text(member.title, "member.title")
        if let same = facts.staff.first(where: { $0.id == member.id }) {
            guard same == member else { throw Refused(AddStaff.Refusal.idTaken) }
            return same
        }
        let codes =
            switch member.affiliation.kind {
            case .facility: facts.facilityCodes
            case .institution: facts.institutionCodes
            }
        guard codes.contains(member.affiliation.code) else {
            throw Refused(AddStaff.Refusal.affiliationUnknown)
        }
        let taken = facts.staff.contains {
            $0.affiliation == member.affiliation && $0.code == member.code
        }
        guard !taken else { throw Refused(AddStaff.Refusal.codeTaken, member.code) }
        return member
    }

    /// What a certificate's path may hold.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }
}
