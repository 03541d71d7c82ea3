import ClinicalAPI
import ClinicalRules
import RPC
import Testing
import Vocabulary

@Suite("An alert")
struct AlertsTests {
    private func raise(
        _ kind: Alert.Kind = .safety, number: UInt64 = 1, of participant: ParticipantID = Scene.ani,
        reason: String = "ia sulit tidur", existing: Alert? = nil
    ) throws -> Change<Alert> {
        try AlertRules.raise(
            RaiseAlert(id: Scene.id(number), participant: participant, kind: kind, reason: reason),
            existing: existing, facts: Scene.facts, by: Scene.counselor, Scene.moment)
    }

    private func acknowledge(
        _ alert: Alert, _ action: String = "sudah ditemui", watch day: Int? = nil,
        by signatory: Signatory = Scene.physician
    ) throws -> Change<Alert> {
        try AlertRules.acknowledge(
            AcknowledgeAlert(
                alert: alert.id, action: action, watchThrough: day.map { Scene.day($0) }),
            alert: alert, by: signatory, Scene.moment)
    }

    @Test("is raised once, for somebody registered, with a reason")
    func raised() throws {
        let alert = try raise().record
        #expect(alert.raisedAt == Scene.moment.now)
        #expect(try raise(existing: alert) == .unchanged(alert))
        #expect(throws: Refused(RaiseAlert.Refusal.idTaken)) {
            try raise(reason: "lain", existing: alert)
        }
        #expect(throws: Refused(RaiseAlert.Refusal.participantUnknown)) {
            try raise(of: Scene.stranger)
        }
        let error = #expect(throws: InvalidInput.self) { try raise(reason: "") }
        #expect(error?.field == "reason")
    }

    @Test("is acknowledged once, with what was done")
    func acknowledged() throws {
        let alert = try raise().record
        let done = try acknowledge(alert, watch: 103).record
        #expect(done.acknowledgment?.by == Scene.physician)
        #expect(done.acknowledgment?.at == Scene.moment.now)
        #expect(try acknowledge(done, watch: 103) == .unchanged(done))
        #expect(throws: Refused(AcknowledgeAlert.Refusal.alreadyAcknowledged)) {
            try acknowledge(done, "lain")
        }
        #expect(throws: Refused(AcknowledgeAlert.Refusal.alreadyAcknowledged)) {
            try acknowledge(done, watch: 103, by: Scene.counselor)
        }
        #expect(throws: Refused(AcknowledgeAlert.Refusal.nothingToWatch)) {
            try acknowledge(raise(.injectingRisk).record, watch: 101)
        }
        for day in [99, 131] {
            let error = #expect(throws: InvalidInput.self) { try acknowledge(alert, watch: day) }
            #expect(error?.field == "watchThrough")
        }
        let error = #expect(throws: InvalidInput.self) { try acknowledge(alert, " ") }
        #expect(error?.field == "action")
    }

    @Test("is listed until somebody acknowledges it")
    func list() throws {
        let open = try raise(number: 1).record
        let done = try acknowledge(raise(number: 2).record).record
        let other = try raise(number: 3, of: Scene.budi).record
        let all = [other, done, open]
        #expect(AlertRules.list(ListAlerts(), of: all) == [open, other])
        #expect(AlertRules.list(ListAlerts(participant: Scene.ani), of: all) == [open])
        let history = ListAlerts(participant: Scene.ani, includingAcknowledged: true)
        #expect(AlertRules.list(history, of: all) == [open, done])
    }

    @Test("asks guards to watch until it is acknowledged, then as long as the clinician says")
    func watch() throws {
        let open = try raise(.suicideRisk).record
        #expect(AlertRules.watch([open], on: Scene.day(100)) == [Scene.ani])
        #expect(AlertRules.watch([open], on: Scene.day(400)) == [Scene.ani])
        let watched = try acknowledge(open, watch: 103).record
        #expect(AlertRules.watch([watched], on: Scene.day(103)) == [Scene.ani])
        #expect(AlertRules.watch([watched], on: Scene.day(104)) == [])
        let ended = try acknowledge(open).record
        #expect(AlertRules.watch([ended], on: Scene.day(100)) == [])
    }

    @Test("tells guards whom to watch, each once, and never why")
    func flags() throws {
        let alerts = try [
            raise(.safety, number: 1, of: Scene.budi).record,
            raise(.suicideRisk, number: 2).record, raise(.safety, number: 3).record,
        ]
        #expect(AlertRules.watch(alerts, on: Scene.day(100)) == [Scene.ani, Scene.budi])
        let drugs = try raise(.injectingRisk).record
        #expect(AlertRules.watch([drugs], on: Scene.day(100)) == [])
    }
}
