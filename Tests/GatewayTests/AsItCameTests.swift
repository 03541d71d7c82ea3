import Logging
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("A reply of a later version")
struct AsItCameTests {
    /// As a later registry might answer ``ListFacilities``.
    private struct LaterList: RPCMethod {
        static let name = ListFacilities.name
        static let access = ListFacilities.access
        static let section = ListFacilities.section
        static let repeatability = ListFacilities.repeatability

        struct Facility: Codable, Hashable, Sendable {
            var code = "rutan-mars"
            var zone = "MARS"
            var moons = ["Phobos", "Deimos"]
            var id = FacilityID(at: Timestamp(microseconds: 0), high: 0, low: 1)
        }

        struct Reply: Codable, Hashable, Sendable {
            var facilities = [Facility()]
        }
    }

    private func caller() throws -> Caller {
        let router = try Router(
            declared: [LaterList.self],
            handlers: [.unary(LaterList.self) { _, _ in LaterList.Reply() }],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: SystemClock.now)
        let identity = Identity.person(
            PersonIdentity(
                domain: "pulih.test", affiliation: Affiliation(kind: .facility, code: "a"),
                role: .registrar, code: "s1"))
        return Caller(InMemoryTransport(router, as: identity), retries: .none) {
            .random(at: SystemClock.now())
        }
    }

    @Test("is printed with its own words and fields, in its own order")
    func printed() async throws {
        let reply = try await caller().call(AsItCame(ListFacilities()))
        let text = try Document(reply).text(.json)
        #expect(
            text == """
                {
                  "facilities": [
                    {
                      "code": "rutan-mars",
                      "zone": "MARS",
                      "moons": [
                        "Phobos",
                        "Deimos"
                      ],
                      "id": "\(LaterList.Facility().id)"
                    }
                  ]
                }
                """)
    }

    @Test("is not read into types of this version where one of its words is closed")
    func typed() async throws {
        let caller = try caller()
        await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(ListFacilities())
        }
    }
}
