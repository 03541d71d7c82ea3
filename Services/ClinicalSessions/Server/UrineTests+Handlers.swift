internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func record(
        _ call: RecordUrineTest, _ context: CallContext
    ) async throws -> UrineTest {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let change = try UrineTestRules.record(
                call, existing: transaction.get(UrineTest.self, call.id.uuid),
                facts: transaction.facts(about: [call.participant]), by: signatory,
                transaction.moment(for: call.participant, context))
            return try transaction.apply(change, verb: "recorded", context)
        }
    }

    @Sendable func confirm(
        _ call: ConfirmUrineTest, _ context: CallContext
    ) async throws -> UrineTest {
        let signatory = try context.signatory
        return try await records.perform(call, context) { transaction in
            let test = try transaction.urineTest(call.test)
            let change = try UrineTestRules.confirm(
                call, test: test, by: signatory,
                transaction.moment(for: test.participant, context))
            return try transaction.apply(change, verb: "confirmed", context)
        }
    }

    @Sendable func list(
        _ call: ListUrineTests, _ context: CallContext
    ) async throws -> ListUrineTests.Reply {
        try await records.look(call, context) { snapshot in
            ListUrineTests.Reply(
                tests: UrineTestRules.list(
                    call, of: try snapshot.all(UrineTest.self, of: call.participant),
                    merges: try snapshot.merges(of: call.participant)))
        }
    }
}
