internal import ClinicalAPI
internal import EvaluationAPI
package import Hosting
package import RPC
internal import RegistryAPI
internal import RegistryFollower
package import Storage
package import Vocabulary

/// The evaluation: what the joint evaluations found, and how it went after release.
///
/// A struct of what it needs, without state of its own.
package struct EvaluationService: HostedService {
    package static let name = ServiceName.evaluation
    package static let schema = Schema(
        migrations: evaluationMigrations,
        records: [
            EmergencyAccess.self, BulkReading.self, RefusedCertificate.self,
            PeriodicEvaluation.self, Contact.self, OutcomeEvent.self,
            FollowUp.self,
            CohortEntry.self, FacilityCopy.self, AgreementCopy.self, ProgramCopy.self,
            ParticipantCopy.self, EnrollmentCopy.self, ScoreCopy.self,
            AttendanceCopy.self,
            UrineTestCopy.self,
        ] + StandingCopies.records)

    package static let methods = EvaluationMethods.all

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
            .unary(OpenEvaluation.self, open), .unary(AmendEvaluation.self, amend),
            .unary(SignEvaluation.self, sign), .unary(ListEvaluations.self, list),
            .unary(GetEvaluation.self, get), .unary(DueEvaluations.self, due),
            .unary(RecordContact.self, record), .unary(ListContacts.self, list),
            .unary(RecordOutcome.self, record), .unary(ListOutcomes.self, list),
            .unary(RecordFollowUp.self, record), .unary(ListFollowUps.self, list),
            .unary(ImportCohortOutcomes.self, importRows),
            .unary(ReportEffectiveness.self, report), .unary(ListCaseload.self, list),
            .unary(EvaluationTimeline.self, timeline),
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
            },
            FeedSubscription(of: .clinical, request: FollowClinical.init(after:)) {
                item, transaction in
                try ClinicalCopies.apply(item, to: transaction)
            },
        ]
    }
}

extension CallContext {
    /// The member of staff who called; the access of every method here names only roles.
    var person: PersonIdentity {
        get throws {
            guard case .person(let person) = identity else {
                throw RPCFailure(.permissionDenied, "only members of staff make this call")
            }
            return person
        }
    }
}
