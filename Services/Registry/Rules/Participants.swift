import RPC
package import RegistryAPI
package import Vocabulary

/// What is known when somebody is registered.
package struct RegistrationFacts: Hashable, Sendable {
    package var facilityCodes: Set<String>
    /// The record that has the call's id.
    package var existing: Participant?
    /// Records that may be the same person: at least those with the same NIK, fingerprint number,
    /// birth date or birth year.
    package var candidates: [Participant]

    package init(
        facilityCodes: Set<String>, existing: Participant? = nil, candidates: [Participant] = []
    ) {
        self.facilityCodes = facilityCodes
        self.existing = existing
        self.candidates = candidates
    }
}

/// Decides on participants.
package enum ParticipantRules {
    static let aliasesMax = 20
    private typealias Refusal = RegisterParticipant.Refusal

    /// Registers somebody, and says what to look at and whom they resemble.
    package static func register(
        _ call: RegisterParticipant, facts: RegistrationFacts, today: Day
    ) throws -> RegisterParticipant.Reply {
        try check(call.identity, today: today)
        try checkLegal(call, today: today)
        guard facts.facilityCodes.contains(call.facilityCode) else {
            throw Refused(Refusal.facilityUnknown)
        }
        if let index = call.caseArticles.firstIndex(where: { CaseCodes.find($0) == nil }) {
            throw Refused(Refusal.articleUnknown, "article number \(index + 1)")
        }
        if let months = call.sentenceMonths,
            call.register.number.book.fits(sentenceMonths: months) == false
        {
            throw Refused(Refusal.bookDoesNotFit, call.register.number.book.rawValue)
        }
        let duplicates = Duplicates.find(call.identity, of: call.id, among: facts.candidates)
        let exact = duplicates.filter(Duplicates.isExact)
        let participant = Participant(
            id: call.id, identity: call.identity,
            legal: LegalFacts(
                register: [call.register], caseArticles: call.caseArticles,
                sentenceMonths: call.sentenceMonths, releaseDates: call.releaseDates,
                registerF: call.registerF),
            facilityCode: call.facilityCode,
            distinctFrom: exact.isEmpty ? nil : exact.map(\.participant))
        if let existing = facts.existing {
            // Who it was declared distinct from is no part of what the caller said.
            var repeated = participant
            repeated.distinctFrom = existing.distinctFrom
            guard repeated == existing else { throw Refused(Refusal.idTaken) }
        } else if !exact.isEmpty, !call.confirmDuplicate {
            throw Refused(
                Refusal.duplicate, exact.map(\.participant.description).joined(separator: ", "))
        }
        return RegisterParticipant.Reply(
            participant: facts.existing ?? participant,
            warnings: warnings(participant, today: today)
                + (duplicates.isEmpty ? [] : [.possibleDuplicate]),
            duplicates: duplicates)
    }

    private static func checkLegal(_ call: RegisterParticipant, today: Day) throws {
        try Input.code(call.facilityCode, "facilityCode")
        try RegisterRules.check(call.register.number, "register.number")
        try Input.past(call.register.from, "register.from", today: today)
        guard call.register.until == nil else {
            throw InvalidInput("register.until", "must be absent: it is the present entry")
        }
        if let birth = call.identity.birthDate {
            try Input.order(
                call.register.from, "register.from", notBefore: birth, of: "the birth date")
        }
        try LegalRules.check(call.caseArticles, today: today)
        if let months = call.sentenceMonths { try LegalRules.checkSentence(months) }
        try Input.count(call.releaseDates.count, "releaseDates", 0...LegalRules.datesMax)
        for date in call.releaseDates {
            try LegalRules.check(date, "releaseDates", today: today)
        }
    }

    static func check(_ identity: ParticipantIdentity, today: Day) throws {
        try Input.text(identity.name, "identity.name")
        try Input.count(identity.aliases.count, "identity.aliases", 0...aliasesMax)
        try Input.unique(identity.aliases, "identity.aliases")
        for alias in identity.aliases { try Input.text(alias, "identity.aliases") }
        try Input.optionalText(identity.fatherName, "identity.fatherName")
        try Input.optionalText(
            identity.fingerprintNumber, "identity.fingerprintNumber", max: Input.codeMax)
        try Input.optionalText(identity.nikUnknownReason, "identity.nikUnknownReason")
        guard identity.nikEnd == nil else {
            throw InvalidInput("identity.nikEnd", "is only shown; give the whole NIK, or none")
        }
        switch (identity.nik, identity.nikUnknownReason) {
        case (nil, nil):
            throw InvalidInput("identity.nikUnknownReason", "say why there is no NIK")
        case (.some, .some):
            throw InvalidInput("identity.nikUnknownReason", "must be absent: there is a NIK")
        default: break
        }
        guard identity.sex != .unknown else {
            throw InvalidInput("identity.sex", "must be male or female, as the papers say")
        }
        let year = today.parts.year
        if let birth = identity.birthDate {
            guard birth < today, birth.age(on: today) <= 120 else {
                throw InvalidInput(
                    "identity.birthDate", "must lie in the past, at most 120 years ago")
            }
            if let birthYear = identity.birthYear, birthYear != birth.parts.year {
                throw InvalidInput("identity.birthYear", "must be the year of the birth date")
            }
        } else if let birthYear = identity.birthYear {
            try Input.range(birthYear, "identity.birthYear", (year - 120)...year)
        } else {
            throw InvalidInput("identity.birthDate", "give the birth date, or at least birthYear")
        }
    }

    /// What a person should look at in a record.
    package static func warnings(_ participant: Participant, today: Day) -> [ParticipantWarning] {
        let identity = participant.identity
        var warnings: [ParticipantWarning] = []
        let nik = identity.nik?.disagreements(sex: identity.sex, birthDate: identity.birthDate)
        for disagreement in nik ?? [] {
            switch disagreement {
            case .sexDiffers: warnings.append(.nikSexDiffers)
            case .birthDateDiffers: warnings.append(.nikBirthDateDiffers)
            }
        }
        if identity.birthDate == nil { warnings.append(.birthDateUnknown) }
        if mayBeYounger(than: 18, identity, on: today) { warnings.append(.minor) }
        if !participant.legal.caseArticles.allSatisfy({ CaseCodes.inForce($0) }) {
            warnings.append(.articleNotInForce)
        }
        return warnings
    }

    /// Whether the person is, or where only the year is known may be, below an age on a day.
    static func mayBeYounger(
        than age: Int, _ identity: ParticipantIdentity, on day: Day
    ) -> Bool {
        if let birth = identity.birthDate { return birth.age(on: day) < age }
        return identity.birthYear.map { day.parts.year - $0 <= age } ?? false
    }

    /// Adds a name under which somebody is known too.
    package static func addAlias(
        _ call: AddAlias, to participant: Participant
    ) throws -> Participant {
        try Input.text(call.alias, "alias")
        let identity = participant.identity
        guard call.alias != identity.name, !identity.aliases.contains(call.alias) else {
            throw Refused(AddAlias.Refusal.alreadyKnown)
        }
        guard identity.aliases.count < aliasesMax else { throw Refused(AddAlias.Refusal.tooMany) }
        var changed = participant
        changed.identity.aliases.append(call.alias)
        return changed
    }

    /// Checks a request for a page, and says how many records it gets.
    package static func checkList(_ call: ListParticipants) throws -> Int {
        if let text = call.nameContains {
            try Input.text(text, "nameContains")
            guard text.count >= 3 else {
                throw InvalidInput("nameContains", "must have at least 3 letters")
            }
        }
        return try Paging.limit(call.limit)
    }
}
