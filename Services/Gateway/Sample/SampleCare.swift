import ClinicalAPI
import Shared

// What happens between admission and exit: questionnaires, urine, sessions, notes, alerts.

extension SampleBook {
    /// Everything of one participant alone.
    mutating func treat(_ course: SampleCourse) {
        turn(to: .care, course.lane)
        measure(course)
        watch(course)
        counsel(course)
        examine(course)
    }

    // MARK: - Questionnaires and urine

    private mutating func measure(_ course: SampleCourse) {
        var random = random("quality/\(course.lane)")
        let start = Double.random(in: 2.5...3.3, using: &random)
        let points: [(Administration.Occasion, months: Int, share: Double)] = [
            (.baseline, 0, 0), (.month3, 3, 0.55), (.month6, 6, 1),
        ]
        for (occasion, months, share) in points {
            let day =
                months == 0
                ? course.openedOn.adding(days: 2)
                : course.openedOn.adding(months: months).adding(days: -2)
            guard day < through, course.attends(on: day) else { break }
            ask(
                .whoqolBref, occasion, of: course, on: day, by: SampleStaff.psychologist,
                enrolled: true,
                SampleAnswers.quality(level: start + course.gain * share, using: &random))
            ask(
                .urica32, occasion, of: course, on: day, by: SampleStaff.psychologist,
                enrolled: true,
                SampleAnswers.urica(progress: share, using: &random))
            guard months > 0 else { continue }
            let relapsed = course.number == 12 && months == 3
            let name = "month-\(months)"
            testUrine(
                name, months == 3 ? .mid : .end, of: course, on: day,
                positive: relapsed || random.chance(0.05) ? course.analyte : nil)
            if relapsed { confirm(name, of: course, day: day, confirmed: true) }
        }
        let surprise = course.openedOn.adding(days: 45 + course.number % 7)
        guard surprise < through, course.attends(on: surprise) else { return }
        let status: UrineTest.Status = course.number == 8 ? .refused : .tested
        let positive = course.number == 18
        testUrine(
            "random", .random, of: course, on: surprise, positive: positive ? course.analyte : nil,
            status: status)
        if positive { confirm("random", of: course, day: surprise, confirmed: false) }
    }

    /// Depression is asked after at admission, and once again of somebody who worries a counselor.
    private mutating func watch(_ course: SampleCourse) {
        var random = random("mood/\(course.lane)")
        ask(
            .phq9, .baseline, of: course, on: course.openedOn.adding(days: 4),
            by: SampleStaff.psychologist, enrolled: true,
            SampleAnswers.depression(
                level: Double.random(in: 0.3...1.2, using: &random), alarming: false,
                using: &random))
        switch course.number {
        case 14:
            // Days ago, and nobody has looked at it yet: this is what an alert is for.
            ask(
                .phq9, .other, of: course, on: through.adding(days: -2),
                by: course.counselor, enrolled: true,
                SampleAnswers.depression(level: 1.7, alarming: true, using: &random))
        case 19:
            let alert: AlertID = id("\(course.lane)/alert", on: through.adding(days: -9))
            add(
                "alert", by: course.counselor,
                RaiseAlert(
                    id: alert, participant: course.participant,
                    reason: "Menarik diri setelah kabar dari keluarga"))
            add(
                "alert-acknowledged", by: SampleStaff.psychologist,
                AcknowledgeAlert(
                    alert: alert, action: "Sudah ditemui; rencana pendampingan dibuat"))
        default: break
        }
    }

    // MARK: - Sessions for one

    /// Every other week a talk with the counselor, at an hour of their own.
    private mutating func counsel(_ course: SampleCourse) {
        var random = random("sessions/\(course.lane)")
        // Tuesday to Thursday, four hours a day: nobody is in two places at once.
        let slot = (course.number - 1) / 2
        let hour = 8 + slot / 3
        var day = course.openedOn.adding(days: 1).next(weekday: 1 + slot % 3)
        var count = 0
        while day < through.adding(days: 12) {
            defer { day = day.adding(days: 14) }
            guard course.attends(on: day) else { continue }
            count += 1
            let name = "individual-\(count)"
            let plan = SessionPlan(
                kind: .individual, participants: [course.participant],
                scheduledAt: .onDay(day, hour: hour), durationMinutes: 45,
                facilitator: course.counselor.reference, place: "Ruang konseling")
            let session: SessionID = id("\(course.lane)/\(name)", on: day)
            guard day < through else {
                add(
                    "\(name)-schedule", by: course.counselor,
                    ScheduleSession(id: session, plan: plan))
                break
            }
            if random.chance(0.04) {
                callOff(name, session, plan, by: course.counselor, using: &random)
                continue
            }
            let mark = mark(of: course, using: &random)
            add(
                name, by: course.counselor,
                RecordSession(
                    id: session, plan: plan,
                    attendance: [Attendance(participant: course.participant, mark: mark)]))
            if mark == .present, random.chance(0.5) {
                write(name, session, plan, of: course, on: day, using: &random)
            }
        }
    }

    private mutating func write(
        _ name: String, _ session: SessionID, _ plan: SessionPlan, of course: SampleCourse,
        on day: Day, using random: inout SplitMix64
    ) {
        let text = random.pick(
            "Membahas pemicu dan cara menolak ajakan. (contoh)",
            "Lebih terbuka tentang keluarga; tugas: menulis surat. (contoh)",
            "Mengulang rencana pencegahan kekambuhan. (contoh)",
            "Motivasi naik turun; disepakati sasaran pekan ini. (contoh)")
        let note: NoteID = id("\(course.lane)/\(name)-note", on: day)
        add(
            "\(name)-note", by: course.counselor,
            WriteNote(
                id: note, participant: course.participant, session: session,
                at: plan.scheduledAt, text: text))
        guard random.chance(0.05) else { return }
        add(
            "\(name)-note-amended", by: course.counselor,
            AmendNote(
                note: note, text: text + " Jadwal berikutnya disepakati.",
                reason: "Melengkapi catatan"))
    }

    /// A physician sees everybody once a month, on Fridays.
    private mutating func examine(_ course: SampleCourse) {
        var random = random("medical/\(course.lane)")
        var day = course.openedOn.next(weekday: 4)
        var count = 0
        while day < through {
            defer { day = day.adding(days: 28) }
            guard course.attends(on: day) else { continue }
            count += 1
            let minutes = (course.number - 1) * 20
            let ill = random.chance(0.2)
            add(
                "medical-\(count)", by: SampleStaff.physician,
                RecordSession(
                    id: id("\(course.lane)/medical-\(count)", on: day),
                    plan: SessionPlan(
                        kind: .examination, participants: [course.participant],
                        scheduledAt: .onDay(day, hour: 7, minute: minutes), durationMinutes: 20,
                        facilitator: SampleStaff.physician.reference, place: "Poliklinik"),
                    attendance: [Attendance(participant: course.participant, mark: .present)],
                    medical: MedicalDetail(
                        findings: ill ? "Keluhan ringan. (contoh)" : "Tanpa keluhan. (contoh)",
                        medications: ill
                            ? [Medication(name: "parasetamol", dose: 500, unit: "mg", route: .oral)]
                            : [])))
        }
    }

    // MARK: - What every session needs

    func mark(of course: SampleCourse, using random: inout SplitMix64) -> Attendance.Mark {
        guard !random.chance(course.diligence) else { return .present }
        return .absent(
            random.pick(.illness, .unexcused, .unexcused, .refused, .court, .isolation))
    }

    /// Plans a session that is then cancelled, or forgotten.
    mutating func callOff(
        _ name: String, _ session: SessionID, _ plan: SessionPlan, by keeper: SampleColleague,
        using random: inout SplitMix64
    ) {
        add("\(name)-schedule", by: keeper, ScheduleSession(id: session, plan: plan))
        if random.chance(0.6) {
            add(
                "\(name)-cancel", by: keeper,
                CancelSession(session: session, reason: "Petugas dinas luar"))
        } else {
            add(
                "\(name)-miss", by: keeper,
                MissSession(session: session, reason: "Ruangan terpakai, tidak dijadwal ulang"))
        }
    }
}
