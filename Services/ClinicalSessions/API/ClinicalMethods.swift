package import RPC

/// Every call that the clinical service answers.
package enum ClinicalMethods {
    package static let all: [any RPCDeclaration.Type] = [
        AdministerInstrument.self, ListAdministrations.self, GetAdministration.self,
        DescribeInstrument.self,
        RecordAssessment.self, DiagnoseParticipant.self, ListAssessments.self,
        SetPlan.self, GetPlan.self,
        ScheduleSession.self, HoldSession.self, RecordSession.self, CorrectSession.self,
        MissSession.self, CancelSession.self, ListSessions.self, NextSession.self, GetSession.self,
        WriteNote.self, ListNotes.self, AmendNote.self,
        RecordUrineTest.self, ConfirmUrineTest.self, ListUrineTests.self,
        RaiseAlert.self, ListAlerts.self, AcknowledgeAlert.self, ListSafetyFlags.self,
        ParticipantTimeline.self,
        FollowClinical.self,
        EraseNotes.self,
        ParticipantAttendance.self,
    ]
}
