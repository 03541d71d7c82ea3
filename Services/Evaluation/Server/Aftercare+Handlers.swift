internal import EvaluationAPI
internal import EvaluationRules
internal import Hosting
internal import RPC
internal import Storage
internal import Vocabulary

extension EvaluationService {
    @Sendable func record(_ call: RecordContact, _ context: CallContext) async throws -> Contact {
        let person = try context.person
        let actor = context.identity.description
        return try await records.perform(call, context) { transaction in
            let standing = try transaction.get(Contact.self, call.id.uuid)
            let contact = try Aftercare.record(
                call, by: person, releases: transaction.releases(of: call.participant),
                standing: standing, on: transaction.today(for: call.participant, at: context.now))
            guard standing == nil else { return contact }
            try transaction.put(contact, verb: "recorded", by: actor, at: context.now)
            let old =
                try transaction.followUp(of: call.participant)
                ?? FollowUp(participant: call.participant)
            let moved = Outcomes.moved(old, by: contact)
            if moved != old {
                try transaction.put(moved, verb: "moved", by: actor, at: context.now)
            }
            return contact
        }
    }

    @Sendable func list(
        _ call: ListContacts, _ context: CallContext
    ) async throws -> ListContacts.Reply {
        try await records.look(call, context) { snapshot in
            let contacts = try snapshot.contacts(with: call.participant)
            let today = try snapshot.today(for: call.participant, at: context.now)
            let released = try snapshot.releases(of: call.participant).map(\.day)
                .filter { $0 <= today }.max()
            return ListContacts.Reply(
                contacts: contacts,
                handover: released.map {
                    Calendar.handover(releasedOn: $0, contacts: contacts, on: today)
                })
        }
    }
}
