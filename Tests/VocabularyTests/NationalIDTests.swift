import Testing
import Vocabulary

@Suite("A national identity number")
struct NationalIDTests {
    @Test("is warned of, not refused, where it contradicts sex or birth date")
    func warnings() throws {
        // A published test identity whose number encodes 2000-12-03, male.
        let nik = try NationalID("9271060312000001")
        #expect(
            nik.disagreements(sex: .male, birthDate: Day(text: "1992-01-09"))
                == [.birthDateDiffers])
        #expect(nik.disagreements(sex: .male, birthDate: Day(text: "2000-12-03")).isEmpty)
        #expect(
            nik.disagreements(sex: .female, birthDate: Day(text: "2000-12-03")) == [.sexDiffers])
        let woman = try NationalID("9204014804000002")
        #expect(woman.disagreements(sex: .female, birthDate: Day(text: "2000-04-08")).isEmpty)
    }

    @Test(
        "is refused where it cannot be one",
        arguments: [
            ("927106031200000", NationalIDError.notSixteenDigits),
            ("92710603120000011", .notSixteenDigits), ("92710603120000O1", .notSixteenDigits),
            ("9271063212000001", .impossibleDay), ("9271060012000001", .impossibleDay),
            ("9271064012000001", .impossibleDay), ("9271067212000001", .impossibleDay),
            ("9271060313000001", .impossibleMonth), ("9271060300000001", .impossibleMonth),
        ])
    func refused(text: String, error: NationalIDError) {
        #expect(throws: error) { try NationalID(text) }
    }

    @Test("shows four digits at most, however it is printed")
    func masked() throws {
        let nik = try NationalID("9271060312000001")
        var dumped = ""
        dump(nik, to: &dumped)
        for text in ["\(nik)", String(reflecting: nik), dumped] {
            #expect(!text.contains("927106"), "\(text)")
        }
    }
}
