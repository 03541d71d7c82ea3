import CBOR
import ClinicalAPI
import RPC
import RegistryAPI
import Storage
import TestKit
import Testing

@Suite("The clinical service, told of something in words of a later version")
struct LaterWordsTests {
    @Test("holds an enrollment of unknown standing as one on hold")
    func enrollment() async throws {
        let clinical = try RunningClinical()
        try await clinical.prepare()
        let enrollment = RunningClinical.enrollment(of: Scene.ani)
        try await clinical.hear(.enrollment, inLaterWords(enrollment, ["status": "suspended"]))
        #expect(await clinical.refusal(Requests.schedule(1)) == .onHold)
        // Once the word is one that is known, the same enrollment is what it says.
        try await clinical.hear(.enrollment, enrollment)
        try await clinical.call(Requests.schedule(1))
    }

    @Test("refuses a request with a word that it does not know")
    func request() async throws {
        let clinical = try RunningClinical()
        try await clinical.prepare()
        let failure = await clinical.failure(LaterSchedule())
        #expect(failure?.code == .invalidArgument)
        #expect(clinical.store.position == 0)
    }

    /// As a later gateway might ask for a session of a new kind.
    private struct LaterSchedule: RPCMethod {
        static let name = ScheduleSession.name
        static let access = ScheduleSession.access
        static let section = ScheduleSession.section
        static let repeatability = ScheduleSession.repeatability
        typealias Reply = ScheduleSession.Reply

        init() {}
        init(from decoder: any Decoder) throws {}

        func encode(to encoder: any Encoder) throws {
            try inLaterWords(Requests.schedule(1), ["kind": "by-video"]).encode(to: encoder)
        }
    }
}
