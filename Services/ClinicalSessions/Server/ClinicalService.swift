internal import ClinicalAPI
package import Hosting
package import RPC
internal import RegistryAPI
internal import RegistryFollower
package import Storage
package import Vocabulary

/// The clinical service: what was found, planned, done and said with each participant.
///
/// A struct of what it needs, without state of its own.
package struct ClinicalService: HostedService {
    package static let name = ServiceName.clinical
    package static let schema = Schema(
        migrations: clinicalMigrations,
        records: [
            EmergencyAccess.self, BulkReading.self, RefusedCertificate.self,
            Administration.self, Assessment.self, Plan.self,
            SessionRecord.self, Note.self,
            UrineTest.self, Alert.self, FacilityCopy.self, ParticipantCopy.self,
            EnrollmentCopy.self, AgreementCopy.self,
        ] + StandingCopies.records)

    package static let methods = ClinicalMethods.all

    package let records: Records
    package let revocations: RevocationBook

    package init(store: Store, revocations: RevocationBook, bounds: AccessBounds) {
        records = Records(
            store, of: Self.name,
            directory: FollowedPeople(
                ParticipantCopy.self, FacilityCopy.self, AgreementCopy.self, EnrollmentCopy.self),
            bounds: bounds)
        self.revocations = revocations
    }

    package var handlers: [Handler] {
        [
            .unary(AdministerInstrument.self, administer), .unary(ListAdministrations.self, list),
            .unary(GetAdministration.self, get), .unary(DescribeInstrument.self, describe),
            .unary(RecordAssessment.self, record), .unary(DiagnoseParticipant.self, diagnose),
            .unary(ListAssessments.self, list), .unary(SetPlan.self, set),
            .unary(GetPlan.self, get), .unary(ScheduleSession.self, schedule),
            .unary(HoldSession.self, hold), .unary(RecordSession.self, record),
            .unary(CorrectSession.self, correct), .unary(MissSession.self, miss),
            .unary(CancelSession.self, cancel),
            .unary(ListSessions.self, list), .unary(NextSession.self, next),
            .unary(GetSession.self, get), .unary(WriteNote.self, write),
            .unary(ListNotes.self, list), .unary(AmendNote.self, amend),
            .unary(RecordUrineTest.self, record), .unary(ConfirmUrineTest.self, confirm),
            .unary(ListUrineTests.self, list), .unary(RaiseAlert.self, raise),
            .unary(ListAlerts.self, list), .unary(AcknowledgeAlert.self, acknowledge),
            .unary(ListSafetyFlags.self, list), .unary(ParticipantTimeline.self, timeline),
            .stream(FollowClinical.self, follow),
            .unary(EraseNotes.self, erase), .unary(ParticipantAttendance.self, attendance),
        ]
    }

    package func revoked(_ snapshot: borrowing Snapshot) throws -> [RevokedCertificates] {
        try snapshot.revokedCertificates()
    }

    package var subscriptions: [FeedSubscription] {
        [
            FeedSubscription(of: .registry, request: FollowRegistry.init(after:)) {
                item, transaction in
                try RegistryCopies.apply(item, to: transaction, revocations)
            }
        ]
    }
}
