internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension Reading where Self: ~Copyable {
    /// What decides whether somebody's records may be erased, over all records of the person.
    func erasureFacts(about participant: Participant) throws -> ErasureFacts {
        let enrollments = try all(Enrollment.self, of: participant.id)
        let days =
            enrollments.map { $0.exit?.day ?? $0.openedOn }
            + (try items(of: participant.id).map(\.recordedOn))
            + (try screenings(of: participant.id).map(\.day))
            + (try urineTestDays(of: participant.id))
        return ErasureFacts(
            isInCustody: RegisterRules.current(participant.legal) != nil,
            isEnrolled: enrollments.contains { $0.status != .exited }, lastCareOn: days.max())
    }
}
