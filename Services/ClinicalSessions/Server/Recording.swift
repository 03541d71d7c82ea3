internal import ClinicalAPI
internal import ClinicalRules
internal import RPC
internal import Storage
internal import Vocabulary

extension CallContext {
    /// The member of staff who called; but for the feed, access names only roles.
    var person: PersonIdentity {
        get throws {
            guard case .person(let person) = identity else {
                throw RPCFailure(.permissionDenied, "only members of staff make this call")
            }
            return person
        }
    }

    /// The caller as the one who answers for a record.
    var signatory: Signatory {
        get throws { Signatory(try person) }
    }
}

extension Transaction {
    /// Stores what a rule decided, and returns the record; a call made before changes nothing.
    func apply<Record: StoredRecord>(
        _ change: Change<Record>, verb: StaticString, _ context: CallContext
    ) throws -> Record {
        if case .store(let record) = change {
            try put(record, verb: verb, by: context.identity.description, at: context.now)
        }
        return change.record
    }
}
