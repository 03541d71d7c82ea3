import RegistryAPI
import Shared

/// Finds one participant by what a person types.
struct ParticipantSearch: Sendable {
    /// Fewer characters of an id, or letters of a name, fit too many.
    static let digitsMinimum = 4
    private static let lettersMinimum = 3
    /// How many candidates are named where several fit.
    private static let namedMaximum = 10

    private let text: String

    init(_ text: String) throws {
        // The ellipsis is that of the table it was copied from.
        self.text = text.lowercased().filter { $0 != "…" }
        guard self.text.count >= Self.lettersMinimum else {
            throw GatewayProblem(
                "give an id, at least \(Self.digitsMinimum) characters from its beginning or its "
                    + "end, or at least \(Self.lettersMinimum) letters of a name")
        }
    }

    /// Whether it can be a part of an id; it can be a name all the same.
    private var looksLikeID: Bool {
        text.count >= Self.digitsMinimum && text.allSatisfy { $0.isHexDigit || $0 == "-" }
    }

    /// Everybody whom the text fits: by id, and where no id fits, by name.
    func candidates(_ registry: LegCaller) async throws -> [Participant] {
        if looksLikeID {
            let found = try await list(registry, name: nil).filter { participant in
                let id = participant.id.description
                return id.hasPrefix(text) || id.hasSuffix(text)
            }
            if !found.isEmpty { return found }
        }
        return try await list(registry, name: text)
    }

    private func list(_ registry: LegCaller, name: String?) async throws -> [Participant] {
        var found: [Participant] = []
        var after: ParticipantID?
        repeat {
            let page = try await registry.call(
                ListParticipants(
                    nameContains: name, includingGone: true, after: after, limit: 500))
            found += page.participants
            after = page.next
        } while after != nil
        return found
    }

    /// The one candidate; records merged into another of them do not count.
    func only(of candidates: [Participant]) throws -> ParticipantID {
        let ids = Set(candidates.map(\.id))
        let people = candidates.filter { !($0.mergedInto.map(ids.contains) ?? false) }
        guard let first = people.first else {
            throw GatewayProblem("nobody has such an id or name here", .notFound)
        }
        guard people.count == 1 else {
            let named = people.prefix(Self.namedMaximum).map {
                "\n  \($0.id)  \(Console.safe($0.identity.name))"
            }
            let more = people.count - named.count
            throw GatewayProblem(
                "this fits \(people.count) people; give more of the id:" + named.joined()
                    + (more > 0 ? "\n  and \(more) more" : ""))
        }
        return first.id
    }
}

extension TargetOptions {
    /// The one participant whom a text names.
    ///
    /// Whoever may not see names gives the whole id.
    func find(
        _ text: String, in context: GatewayContext, tracing trace: TraceContext?
    ) async throws -> ParticipantID {
        if let id = ParticipantID(text: text) { return id }
        let search = try ParticipantSearch(text)
        let questions: [FanOut<[Participant]>.Question] = [
            .init(service: .registry, subject: "participants") { try await search.candidates($0) }
        ]
        let answers = await FanOut.ask(
            questions, within: .seconds(timeout), trace: trace, connect: context.caller(of:))
        if let failure = answers.missing.first?.failure {
            throw failure.code == .permissionDenied
                ? GatewayProblem("give the whole id: your role may not look for people", .refused)
                : GatewayProblem(failure)
        }
        return try search.only(of: answers.parts.flatMap { $0 })
    }
}
