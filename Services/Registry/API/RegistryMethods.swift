package import RPC

/// Every call of the registry; the daemon refuses to start where one has no handler.
package enum RegistryMethods {
    package static let all: [any RPCDeclaration.Type] = [
        AddFacility.self, ListFacilities.self, AddInstitution.self, ListInstitutions.self,
        SignAgreement.self, ListAgreements.self,
        DefineProgram.self, ListPrograms.self, GetProgram.self,
        AddStaff.self, ListStaff.self,
        RegisterParticipant.self, GetParticipant.self, ListParticipants.self,
        FindDuplicates.self, AddAlias.self, MergeParticipants.self, UnmergeParticipants.self,
        MoveRegister.self, SetSentence.self, SetReleaseDate.self, SetRegisterF.self,
        PlaceParticipant.self, ReleaseParticipant.self, RecordDeath.self, RegistryTimeline.self,
        RecordItem.self, ListItems.self,
        RecordConsent.self, RevokeConsent.self, ListConsents.self,
        RecordDecision.self, ListDecisions.self,
        IssueDecree.self, ListDecrees.self,
        OpenEnrollment.self, GetEnrollment.self, ListEnrollments.self,
        AdvanceEnrollment.self, HoldEnrollment.self, ResumeEnrollment.self,
        ExitEnrollment.self, TransferEnrollment.self,
        ImportCohort.self, ListImportedEpisodes.self, FollowRegistry.self,
        RevokeCertificate.self, ListRevokedCertificates.self, EraseSection.self,
        RevealNationalID.self,
        EnterLegalRequest.self, DecideLegalRequest.self, GiveOnLegalRequest.self,
        ListLegalRequests.self,
        EnterSubjectRequest.self, AnswerSubjectRequest.self, LiftRestriction.self,
        ListSubjectRequests.self,
        RecordDisclosure.self, ListDisclosures.self,
        ReportBreach.self, StateBreach.self, TellBreach.self, ListBreaches.self, GetBreach.self,
        GetLegalStanding.self,
    ]
}
