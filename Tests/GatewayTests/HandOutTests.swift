import EvaluationAPI
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("What leaves on paper")
struct HandOutTests {
    private static let given = RegisterStep(
        by: "spiffe://pulih.test/facility/rutan-kraksaan/role/registrar/melati",
        at: time("2026-03-01T03:30:00Z"))

    private static let disclosure = Disclosure(
        id: id(1), participant: id(2), recipient: "BNNK Pasuruan", sections: [.program],
        purpose: .operations, basis: "persetujuan versi 3", consent: id(3), document: "dossier-1",
        given: given)

    @Test("says that it must not be used against the person, and who gave it to whom, when and why")
    func notice() {
        let notice = RedisclosureNotice(Self.disclosure, zone: .wib)
        #expect(notice.notice.contains("tidak boleh digunakan untuk menyelidiki, menuntut"))
        #expect(notice.notice.contains("perintah pengadilan"))
        #expect(
            notice.watermark == """
                Dokumen dossier-1 (\(Self.disclosure.id)); diberikan kepada BNNK Pasuruan; oleh \
                petugas registrasi melati (rutan-kraksaan); pada 2026-03-01 10:30 WIB; bagian: \
                program; tujuan: pelaksanaan dan evaluasi program; dasar: persetujuan versi 3 (persetujuan \
                \(id(3) as ConsentID))
                """)
        let some = Disclosure(
            id: id(1), participant: id(2), recipient: "Panitera", sections: [.program, .clinical],
            purpose: .legal, basis: "W14/1", legalRequest: id(4), document: "surat-7",
            given: Self.given, from: day("2026-01-01"), through: day("2026-02-28"))
        let mark = RedisclosureNotice(some, zone: .wib).watermark
        #expect(mark.contains("bagian: program, klinis sejak 2026-01-01 sampai 2026-02-28; tuj"))
        let text = notice.around("isi")
        #expect(text.hasPrefix("PEMBERITAHUAN") && text.hasSuffix(notice.watermark))
    }

    @Test("says so in every row of a table, and in JSON")
    func forms() throws {
        let notice = RedisclosureNotice(Self.disclosure, zone: .wit)
        let table = notice.around(Table(header: ["a"], rows: [["1"], ["2"]]))
        let lines = table.csv.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.dropFirst().allSatisfy { $0.contains("dossier-1") })
        let json = try Document(["x"], notice: notice).text(.json)
        #expect(json.contains("PEMBERITAHUAN") && json.contains("12:30 WIT"))
        #expect(json.contains("\"content\": ["))
    }

    @Test("a copy for the person has each part under its heading, and says what is missing")
    func copy() throws {
        let copy = Excerpt(
            title: "Salinan data peserta", participant: id(2),
            parts: [
                Excerpt.Part(
                    service: .clinical, what: "tes urine",
                    content: .map([CBORPair(key: .text("tests"), value: .array([.text("x")]))]))
            ],
            missing: [
                MissingPart(
                    service: "evaluation", part: "evaluasi", status: "unavailable", reason: "mati")
            ])
        let text = try copy.text()
        #expect(text.contains("TES URINE (clinical)"))
        #expect(text.contains("? evaluasi dari evaluation tidak ada: mati"))
        let asked = ExcerptQuestions(sections: Set(Section.allCases), isForSubject: true)
            .about(id(2)).map(\.service)
        #expect(Set(asked) == Set(ServiceName.allCases))
        let json = try Document(copy).text(.json)
        #expect(json.contains("\"tests\""))
    }

    @Test("a letter about a breach has three contents, and is refused without one of them")
    func letter() throws {
        func breach(_ data: String?, _ course: String?, _ handling: String?) -> Breach {
            Breach(
                id: id(1), facilityCode: "rutan-kraksaan",
                discoveredAt: time("2026-03-01T03:30:00Z"), dueAt: time("2026-03-04T03:30:00Z"),
                reported: Self.given,
                statements: [
                    BreachStatement(
                        data: data, course: course, handling: handling, people: nil,
                        made: Self.given)
                ])
        }
        for (lacking, missing) in [
            (breach(nil, "b", "c"), "data"), (breach("a", nil, "c"), "course"),
            (breach("a", "b", nil), "handling"),
        ] {
            do {
                _ = try BreachLetter(lacking, to: "Budi")
                Issue.record("a letter without \(missing)")
            } catch let problem as GatewayProblem {
                #expect(problem.status == .refused)
                #expect(problem.message.contains("(\(missing))"))
            }
        }
        let letter = try BreachLetter(breach("nama", "surel", "ditarik"), to: "Budi")
        let text = letter.text(zone: .wib)
        #expect(text.contains("Kepada Yth.: Budi"))
        #expect(text.contains("2026-03-01 10:30 WIB"))
        #expect(text.contains("1. Data pribadi yang terungkap\nnama"))
        #expect(text.contains("2. Kapan dan bagaimana data pribadi terungkap\nsurel"))
        #expect(text.contains("3. Upaya penanganan dan pemulihan\nditarik"))
    }
}
