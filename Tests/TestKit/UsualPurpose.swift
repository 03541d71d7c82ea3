package import Vocabulary

extension Role {
    /// For what somebody in this role reads on most days; nil where they read no person's data.
    package var usualPurpose: PurposeOfUse? {
        [.treatment, .operations, .administration].first(where: purposes.contains)
    }
}

extension Identity {
    /// The usual purpose of a member of staff; none of a service.
    package var usualPurpose: PurposeOfUse? {
        if case .person(let person) = self { person.role.usualPurpose } else { nil }
    }
}
