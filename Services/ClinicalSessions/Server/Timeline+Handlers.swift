internal import ClinicalAPI
internal import ClinicalRules
internal import Hosting
internal import RPC
internal import RegistryFollower
internal import Storage
internal import Vocabulary

extension ClinicalService {
    @Sendable func timeline(
        _ call: ParticipantTimeline, _ context: CallContext
    ) async throws -> ParticipantTimeline.Reply {
        let participant = call.participant
        return try await records.look(call, context) { snapshot in
            let records = ParticipantRecords(
                administrations: try snapshot.all(Administration.self, of: participant),
                assessments: try snapshot.all(Assessment.self, of: participant),
                plans: try snapshot.all(Plan.self, of: participant),
                sessions: try snapshot.sessions(of: participant),
                notes: try snapshot.all(Note.self, of: participant),
                urineTests: try snapshot.all(UrineTest.self, of: participant),
                alerts: try snapshot.all(Alert.self, of: participant))
            return ParticipantTimeline.Reply(
                lines: Timeline.lines(
                    of: participant, from: records,
                    merges: try snapshot.merges(of: participant),
                    zone: try snapshot.moment(for: participant, context).zone))
        }
    }

    @Sendable func attendance(
        _ call: ParticipantAttendance, _ context: CallContext
    ) async throws -> ParticipantAttendance.Reply {
        let participant = call.participant
        return try await records.look(call, context) { snapshot in
            ParticipantAttendance.Reply(
                lines: Timeline.lines(
                    of: participant,
                    from: ParticipantRecords(sessions: try snapshot.sessions(of: participant)),
                    merges: try snapshot.merges(of: participant),
                    zone: try snapshot.moment(for: participant, context).zone))
        }
    }
}
