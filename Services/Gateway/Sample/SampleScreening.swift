import ClinicalAPI
import RegistryAPI
import Shared

// What clinicians ask, test and find, before admission and at the points of the calendar.

extension SampleBook {
    /// Screening, urine, assessment, diagnosis, plan, and the items that clinicians record.
    mutating func screen(_ course: SampleCourse) {
        turn(to: .screening, course.lane)
        var random = random("screening/\(course.lane)")
        let day = course.intake.begins.adding(days: -18 + course.number % 4)
        ask(
            .assist, .screening, of: course, on: day, by: course.counselor,
            window: .beforeDetention,
            SampleAnswers.assist(
                course.substance, injected: course.number == 16, using: &random))
        ask(
            .dast10, .screening, of: course, on: day, by: course.counselor,
            SampleAnswers.dast(using: &random))
        let positive = random.chance(0.7)
        testUrine(
            "start", .start, of: course, on: day.adding(days: 1),
            positive: positive ? course.analyte : nil)
        if positive, course.number % 3 == 0 {
            confirm("start", of: course, day: day.adding(days: 1), confirmed: true)
        }
        assess(course, on: day.adding(days: 4), using: &random)
    }

    mutating func ask(
        _ instrument: InstrumentCode, _ occasion: Administration.Occasion,
        of course: SampleCourse, on day: Day, by assessor: SampleColleague,
        window: Administration.Window? = nil, enrolled: Bool = false, _ answers: Answers
    ) {
        let name = "\(instrument.rawValue)-\(occasion.rawValue)"
        add(
            name, by: assessor,
            AdministerInstrument(
                id: id("\(course.lane)/\(name)", on: day), participant: course.participant,
                enrollment: enrolled ? course.enrollment : nil, instrument: instrument,
                mode: occasion == .screening ? .interview : .paper, window: window,
                occasion: occasion, day: day, assessor: assessor.reference, answers: answers))
    }

    /// A panel in which at most one analyte is positive.
    mutating func testUrine(
        _ name: String, _ occasion: UrineTest.Occasion, of course: SampleCourse, on day: Day,
        positive: Analyte?, status: UrineTest.Status = .tested
    ) {
        let analytes: [Analyte] = [
            .amphetamine, .methamphetamine, .cocaine, .cannabis, .opiates, .benzodiazepine,
        ]
        add(
            "urine-\(name)", by: SampleStaff.physician,
            RecordUrineTest(
                id: urine(name, of: course, day), participant: course.participant, day: day,
                occasion: occasion, status: status,
                panel: status != .tested
                    ? []
                    : analytes.map {
                        AnalyteResult(analyte: $0, result: $0 == positive ? .positive : .negative)
                    },
                observer: course.counselor.reference))
    }

    /// The laboratory's word on a positive test, some days later.
    mutating func confirm(_ name: String, of course: SampleCourse, day: Day, confirmed: Bool) {
        add(
            "urine-\(name)-laboratory", by: SampleStaff.physician,
            ConfirmUrineTest(
                test: urine(name, of: course, day), analyte: course.analyte,
                confirmed: confirmed, day: day.adding(days: 3),
                laboratory: "Laboratorium contoh"))
    }

    private func urine(_ name: String, of course: SampleCourse, _ day: Day) -> UrineTestID {
        id("\(course.lane)/urine-\(name)", on: day)
    }

    private mutating func assess(
        _ course: SampleCourse, on day: Day, using random: inout SplitMix64
    ) {
        let months = random.number(18...140)
        let assessment: AssessmentID = id("\(course.lane)/assessment", on: day)
        let route: SubstanceUse.Route = course.number == 16 ? .injectedVein : .smoked
        add(
            "assessment", by: course.counselor,
            RecordAssessment(
                id: assessment, participant: course.participant, day: day,
                severity: ASISeverity(
                    medical: random.number(0...4), employment: random.number(2...6),
                    alcohol: random.number(0...3), drug: random.number(4...8),
                    legal: random.number(4...7), family: random.number(1...6),
                    psychiatric: random.number(1...5)),
                substances: [
                    SubstanceUse(
                        substance: course.substance, route: route, lengthMonths: months,
                        primary: true),
                    SubstanceUse(
                        substance: .tobacco, route: .smoked,
                        lengthMonths: months + random.number(12...80)),
                ],
                recommendation: course.number % 6 == 0 ? .both : .social,
                recommendationReason: "Pemakaian bermasalah, siap mengikuti program"))
        let code = course.diagnosis
        if let diagnosis = DiagnosisCode(code) {
            add(
                "diagnosis", by: SampleStaff.physician,
                DiagnoseParticipant(
                    assessment: assessment, code: diagnosis, day: day.adding(days: 1)))
        }
        plan(course, assessment, on: day)
        recordUse(course, months: months, injected: route == .injectedVein, on: day)
        // One is left without this item: completeness is a figure to watch.
        guard course.number != 20 else { return }
        record(
            .diagnosis, "Gangguan akibat zat", code: code, of: course, on: day.adding(days: 1),
            from: "Pemeriksaan dokter", by: SampleStaff.physician)
    }

    private mutating func plan(_ course: SampleCourse, _ assessment: AssessmentID, on day: Day) {
        add(
            "plan", by: course.counselor,
            SetPlan(
                assessment: assessment,
                goals: [
                    Plan.Goal(
                        text: "Mengenali pemicu dan menyusun rencana pencegahan kekambuhan",
                        targetDay: day.adding(days: 100), responsible: course.counselor.reference),
                    Plan.Goal(
                        text: "Memulihkan hubungan dengan keluarga",
                        targetDay: day.adding(days: 180),
                        responsible: SampleStaff.psychologist.reference),
                ],
                services: ["Konseling individu", "Konseling kelompok", "Seminar"]))
    }

    private mutating func recordUse(
        _ course: SampleCourse, months: Int, injected: Bool, on day: Day
    ) {
        let source = "Wawancara asesmen"
        record(
            .substance, course.substance.rawValue, of: course, on: day, from: source,
            by: course.counselor)
        record(
            .lengthOfUse, "\(months) bulan", of: course, on: day, from: source,
            by: course.counselor)
        record(
            .wayOfUse, injected ? "Suntik" : "Dihisap", of: course, on: day, from: source,
            by: course.counselor)
        record(
            .history,
            course.number % 4 == 0
                ? "Pernah rawat jalan, tidak selesai" : "Belum pernah rehabilitasi",
            of: course, on: day, from: source, by: course.counselor)
    }
}

extension SampleCourse {
    /// What a screen finds of what they used.
    var analyte: Analyte {
        switch substance {
        case .cannabis: .cannabis
        case .opioids: .opiates
        default: .methamphetamine
        }
    }

    /// Dependence on what they used.
    var diagnosis: String {
        switch substance {
        case .cannabis: "F12.2"
        case .opioids: "F11.2"
        default: "F15.2"
        }
    }
}
