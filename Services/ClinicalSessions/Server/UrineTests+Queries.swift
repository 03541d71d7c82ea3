package import ClinicalAPI
package import FoundationEssentials
internal import RPC
package import Storage
internal import Vocabulary

extension UrineTest: StoredRecord {
    package static let noun: StaticString = "urine_test"
    package static let columns: [StaticString] = ["participant"]
    package static let sealed = [SealedPart(.clinical, wholeWith: ["panel"])]
    package var key: UUID { id.uuid }
    package var subject: UUID? { participant.uuid }
    package var columnValues: [SQLValue] { [.id(participant)] }
}

extension Reading where Self: ~Copyable {
    func urineTest(_ id: UrineTestID) throws -> UrineTest {
        guard let test = try get(UrineTest.self, id.uuid) else { throw NotFound("urine test", id) }
        return test
    }
}
