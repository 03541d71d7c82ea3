internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func record(
        _ call: RecordDisclosure, _ context: CallContext
    ) async throws -> Disclosure {
        try await records.perform(call, context) { transaction in
            let participant = try transaction.participant(call.participant)
            let standing = try RegistryDirectory().standing(
                of: participant.id, at: context.now, in: transaction)
            let disclosure = try DisclosureRules.record(
                call,
                facts: DisclosureFacts(
                    consents: transaction.consents(of: participant.id),
                    requests: transaction.all(SubjectRequest.self, of: participant.id),
                    exits: transaction.enrollments(of: participant.id).compactMap { $0.exit?.day },
                    releases: participant.releases.map(\.day),
                    withheld: Set(
                        Section.allCases.filter { standing?.consent(.sharing, to: $0) != .given }),
                    existing: transaction.get(Disclosure.self, call.id.uuid)),
                event: transaction.event(on: participant.id, context))
            try transaction.put(
                disclosure, verb: "recorded", by: context.identity.description, at: context.now)
            return disclosure
        }
    }

    @Sendable func list(
        _ call: ListDisclosures, _ context: CallContext
    ) async throws -> ListDisclosures.Reply {
        try await records.look(call, context) { snapshot in
            _ = try snapshot.participant(call.participant)
            return ListDisclosures.Reply(
                disclosures: try snapshot.all(Disclosure.self, of: call.participant)
                    .sorted { ($0.given.at, $0.id) < ($1.given.at, $1.id) })
        }
    }
}
