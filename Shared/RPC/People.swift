package import Vocabulary

/// A call about one person, whom it names.
package protocol AboutParticipant {
    var participant: ParticipantID { get }
}

/// A call that may be narrowed to one person.
package protocol MayNameParticipant {
    var participant: ParticipantID? { get }
}

/// A call about several people, whom it names.
package protocol AboutPeople {
    var people: [ParticipantID] { get }
}

/// A read that shows what somebody told of their own drug use: answers, findings, what was said.
///
/// Before the verdict it is for their treatment alone (``AccessPolicy``).
package protocol ShowsSelfReport {}

/// What such a read replies: pieces, each told on a day.
package protocol HoldsSelfReport {
    /// The same without what was told on walled days, and how many pieces that were.
    ///
    /// The first is nil where nothing else is in it.
    func without(_ isWalled: (Day) -> Bool) -> (rest: Self?, left: Int)
}

extension HoldsSelfReport {
    /// The pieces of a list that were not told on walled days, and the reply that they make.
    package func without<Piece>(
        _ pieces: [Piece], _ isWalled: (Piece) -> Bool, _ reply: ([Piece]) -> Self
    ) -> (rest: Self?, left: Int) {
        let rest = pieces.filter { !isWalled($0) }
        return (reply(rest), pieces.count - rest.count)
    }
}

/// A reply that shows records of several people.
package protocol ShowsPeople {
    var people: Set<ParticipantID> { get }
    /// The same with only those whom the caller may see.
    func showing(_ mayBeSeen: (ParticipantID) -> Bool) -> Self
}

/// A reply with numbers that leave a service only by a call of their own.
package protocol MaskedInReplies {
    /// The same without them.
    var masked: Self { get }
}

extension RPCDeclaration {
    /// Whom it names: its caller must have them within reach before anything is looked at.
    package var namedPeople: [ParticipantID] {
        switch self {
        case let call as any AboutParticipant: [call.participant]
        case let call as any MayNameParticipant: call.participant.map { [$0] } ?? []
        case let call as any AboutPeople: call.people
        default: []
        }
    }
}
