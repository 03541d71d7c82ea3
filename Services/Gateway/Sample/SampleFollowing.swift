import RegistryAPI
import Shared

// What the registry records of somebody after admission.

/// A call that belongs to a day, until the days are in order.
private struct DatedCall {
    let day: Day
    let name: String
    let by: SampleColleague
    let request: any RPCMethod
}

extension SampleBook {
    /// Phases, times away, remission, exit and release.
    mutating func follow(_ course: SampleCourse) {
        turn(to: .course, course.lane)
        let calls = phases(of: course) + away(course) + remission(of: course) + leaving(course)
        // Those of one day stay as they were written.
        let ordered = calls.enumerated().sorted {
            ($0.element.day, $0.offset) < ($1.element.day, $1.offset)
        }
        for (_, call) in ordered { add(call.name, by: call.by, call.request) }
    }

    private func phases(of course: SampleCourse) -> [DatedCall] {
        var calls: [DatedCall] = []
        var from = course.openedOn
        for (before, phase) in zip(SampleProgram.phases, SampleProgram.phases.dropFirst()) {
            from = from.adding(days: before.days)
            guard from <= through, course.attends(on: from) else { break }
            calls.append(
                DatedCall(
                    day: from, name: "phase-\(phase.name)", by: course.counselor,
                    request: AdvanceEnrollment(
                        enrollment: course.enrollment, stage: phase.name, from: from)))
        }
        return calls
    }

    private func away(_ course: SampleCourse) -> [DatedCall] {
        guard let hold = course.hold else { return [] }
        let leaving = DatedCall(
            day: hold.from, name: "hold", by: SampleStaff.registrar,
            request: HoldEnrollment(
                enrollment: course.enrollment, from: hold.from, reason: hold.reason,
                note: hold.note))
        guard let until = hold.until else { return [leaving] }
        let back = DatedCall(
            day: until, name: "resume", by: SampleStaff.registrar,
            request: ResumeEnrollment(enrollment: course.enrollment, on: until))
        return [leaving, back]
    }

    private func remission(of course: SampleCourse) -> [DatedCall] {
        guard let days = course.remissionDays, let ended = course.endedOn else { return [] }
        let granted = ended.adding(days: -20)
        return [
            DatedCall(
                day: granted, name: "remission", by: SampleStaff.registrar,
                request: SetReleaseDate(
                    participant: course.participant,
                    releaseDate: ReleaseDate(
                        kind: .remission, days: days, authority: "Ditjenpas (contoh)",
                        letter: "SK-REMISI/CONTOH/\(course.number)", recordedOn: granted)))
        ]
    }

    private func leaving(_ course: SampleCourse) -> [DatedCall] {
        guard let ended = course.endedOn else { return [] }
        var calls: [DatedCall] = []
        switch course.fate {
        case .active, .onHold, .released: break
        case .completed:
            calls.append(exit(course, .completed, on: ended, "Seluruh tahap selesai"))
        case .withdrew:
            calls += [
                DatedCall(
                    day: ended, name: "revoke-consent", by: course.counselor,
                    request: RevokeConsent(
                        consent: consentToTreatment(of: course), day: ended,
                        reason: "Tidak ingin melanjutkan")),
                exit(course, .withdrew, on: ended, "Atas permintaan sendiri"),
            ]
        case .transferred:
            calls.append(
                DatedCall(
                    day: ended, name: "transfer", by: SampleStaff.registrar,
                    request: TransferEnrollment(
                        enrollment: course.enrollment, day: ended,
                        destination: "Lapas lain (contoh)", reason: "Kelebihan isi")))
        }
        guard let released = course.releasedOn else { return calls }
        let release = DatedCall(
            day: released, name: "release", by: SampleStaff.registrar,
            request: ReleaseParticipant(
                participant: course.participant, day: released,
                kind: course.fate == .released ? .sentenceServed : .parole,
                letter: "SB/CONTOH/\(course.number)"))
        return calls + [release]
    }

    private func exit(
        _ course: SampleCourse, _ exitClass: ExitClass, on day: Day, _ reason: String
    ) -> DatedCall {
        DatedCall(
            day: day, name: "exit", by: SampleStaff.manager,
            request: ExitEnrollment(
                enrollment: course.enrollment,
                exit: Exit(exitClass: exitClass, day: day, reason: reason)))
    }
}
