package import RPC
package import Vocabulary

/// An episode of an earlier cohort of which less is known than makes an enrollment.
///
/// A past enrollment has a day of admission, a day of exit and an exit class. Where the source
/// lacks one of them, none is made up: what it says is kept here as it is.
package struct ImportedEpisode: Codable, Hashable, Sendable {
    package let id: EnrollmentID
    package let participant: ParticipantID
    package let program: ProgramID
    package let cohort: String
    package let admittedOn: Day?
    package let exitClass: ExitClass?
    package let exitedOn: Day?
    package let exitReason: String?
    /// In years, where the source says that and no birth date.
    package let age: Int?

    package init(
        id: EnrollmentID, participant: ParticipantID, program: ProgramID, cohort: String,
        admittedOn: Day? = nil, exitClass: ExitClass? = nil, exitedOn: Day? = nil,
        exitReason: String? = nil, age: Int? = nil
    ) {
        self.id = id
        self.participant = participant
        self.program = program
        self.cohort = cohort
        self.admittedOn = admittedOn
        self.exitClass = exitClass
        self.exitedOn = exitedOn
        self.exitReason = exitReason
        self.age = age
    }
}

/// Shows imported episodes page by page, in the order of their ids.
package struct ListImportedEpisodes: RPCMethod, MayNameParticipant {
    package static let name: MethodName = "registry.episode.list"
    package static let access = Access(roles: .progressReaders)
    package static let section = Section.program
    package static let repeatability = Repeatability.readOnly

    package let participant: ParticipantID?
    /// The last id of the page before.
    package let after: EnrollmentID?
    /// 1 to 500; 100 where absent.
    package let limit: Int?

    package init(
        participant: ParticipantID? = nil, after: EnrollmentID? = nil, limit: Int? = nil
    ) {
        self.participant = participant
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let episodes: [ImportedEpisode]
        /// What to pass as `after` for the next page; absent on the last.
        package let next: EnrollmentID?

        package init(episodes: [ImportedEpisode], next: EnrollmentID?) {
            self.episodes = episodes
            self.next = next
        }
    }
}

extension ListImportedEpisodes.Reply: ShowsPeople {
    package var people: Set<ParticipantID> { Set(episodes.map(\.participant)) }

    package func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self {
        Self(episodes: episodes.filter { mayBeSeen($0.participant) }, next: next)
    }
}
