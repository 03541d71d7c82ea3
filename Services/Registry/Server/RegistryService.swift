internal import ClinicalAPI
package import Hosting
package import RPC
internal import RegistryAPI
package import Storage
package import Vocabulary

/// The registry: who takes part, with whose consent, in which program.
///
/// A struct of what it needs, without state of its own.
package struct RegistryService: HostedService {
    package static let name = ServiceName.registry
    package static let schema = Schema(
        migrations: registryMigrations,
        records: [
            EmergencyAccess.self, BulkReading.self, RefusedCertificate.self,
            Facility.self, Institution.self, Agreement.self, Program.self,
            Staff.self,
            Participant.self, RecordedItem.self, Consent.self, Decision.self, Decree.self,
            Enrollment.self, ScreeningCopy.self, UrineTestCopy.self, ImportedEpisode.self,
            CertificateRevocation.self, LegalRequest.self, SubjectRequest.self, Disclosure.self,
            Breach.self,
        ])

    package static let methods = RegistryMethods.all

    package let records: Records
    package let revocations: RevocationBook

    package init(store: Store, revocations: RevocationBook, bounds: AccessBounds) {
        records = Records(
            store, of: Self.name, directory: RegistryDirectory(), bounds: bounds)
        self.revocations = revocations
    }

    package var handlers: [Handler] {
        [
            .unary(AddFacility.self, add), .unary(ListFacilities.self, list),
            .unary(AddInstitution.self, add), .unary(ListInstitutions.self, list),
            .unary(SignAgreement.self, sign), .unary(ListAgreements.self, list),
            .unary(DefineProgram.self, define), .unary(ListPrograms.self, list),
            .unary(GetProgram.self, get), .unary(AddStaff.self, add),
            .unary(ListStaff.self, list), .unary(RegisterParticipant.self, register),
            .unary(GetParticipant.self, get), .unary(ListParticipants.self, list),
            .unary(FindDuplicates.self, find), .unary(AddAlias.self, add),
            .unary(MergeParticipants.self, merge), .unary(UnmergeParticipants.self, unmerge),
            .unary(MoveRegister.self, move), .unary(SetSentence.self, set),
            .unary(SetReleaseDate.self, set), .unary(SetRegisterF.self, set),
            .unary(PlaceParticipant.self, place), .unary(ReleaseParticipant.self, release),
            .unary(RecordDeath.self, recordDeath), .unary(RecordItem.self, record),
            .unary(ListItems.self, list), .unary(RecordConsent.self, record),
            .unary(RevokeConsent.self, revoke), .unary(ListConsents.self, list),
            .unary(RecordDecision.self, record), .unary(ListDecisions.self, list),
            .unary(IssueDecree.self, issue), .unary(ListDecrees.self, list),
            .unary(OpenEnrollment.self, open), .unary(GetEnrollment.self, get),
            .unary(ListEnrollments.self, list), .unary(AdvanceEnrollment.self, advance),
            .unary(HoldEnrollment.self, hold), .unary(ResumeEnrollment.self, resume),
            .unary(ExitEnrollment.self, exit), .unary(TransferEnrollment.self, transfer),
            .unary(ImportCohort.self, importCohort), .unary(ListImportedEpisodes.self, list),
            .unary(RegistryTimeline.self, timeline),
            .stream(FollowRegistry.self, follow),
            .unary(RevokeCertificate.self, revoke), .unary(ListRevokedCertificates.self, list),
            .unary(EraseSection.self, erase), .unary(RevealNationalID.self, reveal),
            .unary(EnterLegalRequest.self, enter), .unary(DecideLegalRequest.self, decide),
            .unary(GiveOnLegalRequest.self, give), .unary(ListLegalRequests.self, list),
            .unary(EnterSubjectRequest.self, enter), .unary(AnswerSubjectRequest.self, answer),
            .unary(LiftRestriction.self, lift), .unary(ListSubjectRequests.self, list),
            .unary(RecordDisclosure.self, record), .unary(ListDisclosures.self, list),
            .unary(ReportBreach.self, report), .unary(StateBreach.self, state),
            .unary(TellBreach.self, tell), .unary(ListBreaches.self, list),
            .unary(GetBreach.self, get), .unary(GetLegalStanding.self, get),
        ]
    }

    package func revoked(_ snapshot: borrowing Snapshot) throws -> [RevokedCertificates] {
        try snapshot.revocations().compactMap(\.revoked)
    }

    package var subscriptions: [FeedSubscription] {
        [
            FeedSubscription(of: .clinical, request: FollowClinical.init(after:)) {
                item, transaction in
                try ClinicalCopies.apply(item, to: transaction)
            }
        ]
    }
}
