import RPC
import RegistryAPI
package import Vocabulary

/// Who writes into a register, and when.
package struct RegisterEvent: Hashable, Sendable {
    package let caller: Identity
    package let now: Timestamp
    /// The day it is where the person is held.
    package let today: Day

    package init(caller: Identity, now: Timestamp, today: Day) {
        self.caller = caller
        self.now = now
        self.today = today
    }

    var step: RegisterStep { RegisterStep(by: caller.description, at: now) }

    /// Whether the same person did an earlier step, in whichever of their roles.
    func isBySamePerson(as earlier: RegisterStep) -> Bool {
        guard case .person(let person) = caller,
            case .person(let other) = try? Identity(uri: earlier.by)
        else { return earlier.by == caller.description }
        return person.affiliation == other.affiliation && person.code == other.code
    }
}

extension Input {
    /// Sections of a person's record.
    static func sections(_ sections: [Section], _ field: String) throws {
        try count(sections.count, field, 1...Section.allCases.count)
        try unique(sections, field)
        guard sections.allSatisfy(\.isPersonal) else {
            throw InvalidInput(
                field, "operational and aggregate hold nobody's data: leave them out")
        }
    }
}
