internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func write(_ call: WriteNote, _ context: CallContext) async throws -> Note {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let change = try NoteRules.write(
                call, existing: transaction.get(Note.self, call.id.uuid),
                session: call.session.flatMap {
                    try transaction.get(SessionRecord.self, $0.uuid)?.session
                }, facts: transaction.facts(about: [call.participant]), by: signatory,
                transaction.moment(for: call.participant, context))
            return try transaction.apply(change, verb: "written", context)
        }
    }

    @Sendable func list(_ call: ListNotes, _ context: CallContext) async throws -> ListNotes.Reply {
        try await records.look(call, context) { snapshot in
            ListNotes.Reply(
                notes: NoteRules.list(
                    call, of: try snapshot.all(Note.self, of: call.participant),
                    merges: try snapshot.merges(of: call.participant)))
        }
    }

    @Sendable func amend(_ call: AmendNote, _ context: CallContext) async throws -> Note {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let note = try transaction.note(call.note)
            let change = try NoteRules.amend(
                call, note: note, by: signatory,
                transaction.moment(for: note.participant, context))
            return try transaction.apply(change, verb: "amended", context)
        }
    }
}
