import EvaluationAPI
import Shared

// The joint evaluations, which both institutions sign.

extension SampleBook {
    /// Month 3, month 6 and the exit, as far as somebody came.
    ///
    /// One of month 3 is overdue, one is an unsigned draft, and one lacks the board's signature.
    mutating func evaluate(_ course: SampleCourse) {
        turn(to: .evaluation, course.lane)
        for (code, months) in [("M3", 3), ("M6", 6)] {
            let day = course.openedOn.adding(months: months)
            guard day < through, course.attends(on: day) else { break }
            guard course.number != 11 else { break }
            evaluate(
                course, .periodic(point: code), on: day,
                months == 3
                    ? "Kehadiran baik; kualitas hidup dinilai kembali pada bulan keenam. (contoh)"
                    : "Sasaran rencana tercapai sebagian besar. (contoh)",
                months == 3 ? .continue : .exit)
        }
        guard course.fate == .completed, let ended = course.endedOn else { return }
        evaluate(
            course, .exit, on: ended.adding(days: 1),
            "Menyelesaikan seluruh tahap; dirujuk ke pascarehabilitasi. (contoh)", .stepDown)
    }

    private mutating func evaluate(
        _ course: SampleCourse, _ kind: EvaluationKind, on day: Day, _ findings: String,
        _ recommendation: Recommendation
    ) {
        let evaluation: EvaluationID = id("\(course.lane)/evaluation-\(kind)", on: day)
        add(
            "evaluation-\(kind)", by: SampleStaff.psychologist,
            OpenEvaluation(
                id: evaluation, participant: course.participant, enrollment: course.enrollment,
                kind: kind, heldOn: day, findings: findings, recommendation: recommendation))
        guard course.number != 13 else { return }
        var revision = 1
        if course.number == 2 {
            add(
                "evaluation-\(kind)-amended", by: SampleStaff.assessor,
                AmendEvaluation(
                    evaluation: evaluation, revision: revision,
                    findings: findings + " Keluarga hadir pada pertemuan."))
            revision += 1
        }
        add(
            "evaluation-\(kind)-facility", by: SampleStaff.psychologist,
            SignEvaluation(evaluation: evaluation, revision: revision))
        guard course.number != 15 else { return }
        add(
            "evaluation-\(kind)-board", by: SampleStaff.assessor,
            SignEvaluation(evaluation: evaluation, revision: revision))
    }
}
