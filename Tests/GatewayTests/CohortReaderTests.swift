import EvaluationAPI
import Foundation
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("Reading a cohort from a file")
struct CohortReaderTests {
    private let today = Day(number: 20_000)

    private func day(_ text: String) -> Day? { Day(text: text) }

    private func read(
        _ text: String, _ flags: MappingFlags = MappingFlags(), file: String? = nil
    ) throws -> CheckedCohort {
        let parsed = try file.map {
            try JSONDecoder().decode(MappingFile.self, from: Data($0.utf8))
        }
        let mapping = try CohortMapping(file: parsed, flags: flags)
        return try CheckedCohort(
            CSVTable(Array(text.utf8), delimiter: mapping.delimiter), mapping: mapping,
            today: today)
    }

    /// Where each error is, as `LINE:FIELD`.
    private func places(_ cohort: CheckedCohort) -> [String] {
        cohort.errors.map { "\($0.line):\($0.field?.rawValue ?? "row")" }
    }

    @Test("needs no more than key and program, and makes nothing up")
    func bare() throws {
        let cohort = try read("key,program\n1,p\n")
        #expect(cohort.errors.isEmpty)
        #expect(cohort.rows == [CohortRow(line: 2, key: "1", program: "p", cohort: "imported")])
        #expect(throws: GatewayProblem.self) { try read("program\np\n") }
        #expect(throws: GatewayProblem.self) { try read("key\n1\n") }
        #expect(places(try read("key,program\n,p\n1,\n")) == ["2:key", "3:program"])
    }

    @Test("reads every field by its own name")
    func everyField() throws {
        let cohort = try read(
            """
            key,program,cohort,name,nik,sex,birthDate,group,admittedOn,exitClass,exitedOn,\
            exitReason,releasedOn,followedUntil,eventKind,eventOn,baseline.social,exit.social
            7,p,2019,Siti,9271064312900001,female,1990-12-03,a,2019-01-01,SELESAI,2019-07-01,\
            end,2019-08-01,2020-08-01,relapse,2020-01-01,50,62.5
            """)
        #expect(cohort.errors.isEmpty)
        let row = try #require(cohort.rows.first)
        #expect(row.name == "Siti" && row.sex == .female && row.exitClass == .completed)
        #expect(row.nik?.digits == "9271064312900001" && row.birthDate == day("1990-12-03"))
        #expect(row.event?.kind == .relapse && row.event?.day == day("2020-01-01"))
        #expect(row.baseline == DomainScores(social: 50) && row.exit?.social == 62.5)
    }

    @Test("takes columns, constants, durations and codes from a mapping, and flags before it")
    func mapping() throws {
        let file = """
            {"columns": {"key": "No", "eventKind": "arrest", "eventOn": "week", "group": "fin"},
             "constants": {"program": "p", "cohort": 2019, "releasedOn": "2020-01-01"},
             "units": {"eventOn": "weeks:releasedOn", "followedUntil": "months:releasedOn"},
             "codes": {"eventKind": {"0": "none", "1": "re-arrest"}, "group": {"1": "aid"}}}
            """
        var flags = MappingFlags()
        flags.constants = ["program=q", "followedUntil=12"]
        flags.codes = ["group:0=no aid"]
        let cohort = try read("No,week,arrest,fin\na,3,1,1\nb,52,0,0\n", flags, file: file)
        #expect(cohort.errors.isEmpty, "\(cohort.errors)")
        #expect(cohort.rows.map(\.program) == ["q", "q"] && cohort.rows[0].cohort == "2019")
        #expect(cohort.rows.map(\.group) == ["aid", "no aid"])
        #expect(cohort.rows[0].event?.day == day("2020-01-22"))
        #expect(cohort.rows[1].event == nil)
        #expect(cohort.rows[1].followedUntil == day("2021-01-01"))
        flags.columns = ["key=#"]
        let numbered = try read("No,week,arrest,fin\na,3,1,1\nb,52,0,0\n", flags, file: file)
        #expect(numbered.rows.map(\.key) == ["1", "2"])
    }

    @Test("reads dates as the file writes them")
    func dates() throws {
        var flags = MappingFlags()
        flags.dateFormat = "dd/mm/yyyy"
        flags.delimiter = ";"
        let cohort = try read("key;program;releasedOn\n1;p;3/4/2020\n2;p;2020-04-03\n", flags)
        #expect(cohort.rows.map(\.releasedOn) == [day("2020-04-03")])
        #expect(places(cohort) == ["3:releasedOn"])
        for format in ["", "yyyy", "yyyy-yyyy-dd", "dd/mm/yy", "yyyymmdd"] {
            #expect(throws: GatewayProblem.self) { try DateFormat(format) }
        }
    }

    @Test("refuses a mapping that does not fit")
    func wrongMapping() {
        let wrong: [(inout MappingFlags) -> Void] = [
            { $0.columns = ["sex=gender"] }, { $0.columns = ["weight=x"] },
            { $0.columns = ["sex"] }, { $0.units = ["sex=weeks:releasedOn"] },
            { $0.units = ["eventOn=years:releasedOn"] }, { $0.units = ["eventOn=weeks:eventOn"] },
            { $0.codes = ["sex=L"] }, { $0.delimiter = "x" },
            {
                $0.constants = ["eventOn=3"]
                $0.units = ["eventOn=weeks:releasedOn"]
            },
        ]
        for change in wrong {
            var flags = MappingFlags()
            change(&flags)
            #expect(throws: GatewayProblem.self, "\(flags)") {
                try read("key,program\n1,p\n", flags)
            }
        }
    }

    @Test("names line and column of each error, and never what the cell holds")
    func errors() throws {
        let cohort = try read(
            """
            key,program,nik,sex,age,eventKind,eventOn,baseline.social,name
            1,p,927106secret0001,,,,,,
            2,p,,secret,,,,,
            3,p,,,secret,,,,
            4,p,,,,secret,2020-01-01,,
            5,p,,,,relapse,,,
            6,p,,,,,2020-01-01,,
            7,p,,,,,,101,
            8,p,,,,,,nan,
            9,p,,,,,,,"a\u{202e}secret"
            10,p,,,121,,,,
            9271064312900001,p,,,,,,,
            """)
        #expect(
            places(cohort) == [
                "2:nik", "3:sex", "4:age", "5:eventKind", "6:eventOn", "7:eventKind",
                "8:baseline.social", "9:baseline.social", "10:name", "11:age", "12:key",
            ])
        #expect(cohort.rows.isEmpty)
        let text = cohort.errors.map(\.description).joined(separator: "\n")
        #expect(text.contains("line 3, column sex (sex): is none of male, female, unknown"))
        #expect(!text.contains("secret") && !text.contains("927106"))
    }

    @Test("finds days that contradict each other, and days to come")
    func order() throws {
        let cohort = try read(
            """
            key,program,birthDate,admittedOn,exitedOn,releasedOn,followedUntil,eventKind,eventOn
            1,p,,2020-02-01,2020-01-01,,,,
            2,p,,,2020-02-01,2020-01-01,,,
            3,p,,2020-02-01,,2020-01-01,,,
            4,p,,,,2020-02-01,2020-01-01,,
            5,p,,,,2020-02-01,2020-03-01,relapse,2020-01-31
            6,p,,,,2020-02-01,2020-03-01,relapse,2020-03-02
            7,p,,,,,2999-01-01,,
            8,p,2020-01-02,2020-01-02,,,,,
            """)
        #expect(
            places(cohort) == [
                "2:exitedOn", "3:releasedOn", "4:releasedOn", "5:followedUntil", "6:eventOn",
                "7:eventOn", "8:followedUntil", "9:birthDate",
            ])
    }

    @Test("takes neither of two rows with one key, and names both")
    func twins() throws {
        // The letter é in its two ways of being written.
        let cohort = try read("key,program\nx,p\ne\u{301},p\ny,p\nx,p\n\u{e9},p\nz\n")
        #expect(places(cohort) == ["2:key", "3:key", "5:key", "6:key", "7:row"])
        #expect(cohort.errors.first?.problem.contains("line 5") == true)
        #expect(cohort.rows.map(\.key) == ["y"])
    }

    @Test("finds a duration that cannot be counted")
    func durations() throws {
        var flags = MappingFlags()
        flags.units = ["followedUntil=days:releasedOn"]
        let cohort = try read(
            "key,program,releasedOn,followedUntil\n1,p,,5\n2,p,2020-01-01,-1\n"
                + "3,p,2020-01-01,9223372036854775807\n4,p,2020-01-01,1.5\n5,p,2020-01-01,5\n",
            flags)
        #expect(
            places(cohort) == [
                "2:followedUntil", "3:followedUntil", "4:followedUntil", "5:followedUntil",
            ])
        #expect(cohort.rows.map(\.followedUntil) == [day("2020-01-06")])
    }
}

@Suite("The identifiers of imported records")
struct CohortIdentityTests {
    @Test("are the same for the same words, and for no others")
    func derived() {
        let one = CohortIdentity(program: "p", cohort: "c", key: "1")
        #expect(one.participant == CohortIdentity(program: "p", cohort: "c", key: "1").participant)
        #expect(one.participant.uuid != one.enrollment.uuid)
        let others = [("p", "c1", ""), ("pc", "", "1"), ("p", "c", "2"), ("p", "d", "1")].map {
            CohortIdentity(program: $0.0, cohort: $0.1, key: $0.2).participant
        }
        #expect(Set(others + [one.participant]).count == 5)
    }

    /// Stored identifiers depend on it: another value would import everything twice.
    @Test("are of version 8, and never change from one release to the next")
    func stable() {
        let one = CohortIdentity(program: "sosial-6", cohort: "rossi", key: "1")
        #expect(one.participant.description == "1b387a9b-cf50-8adc-ad48-c79a86691a17")
        #expect(one.enrollment.description == "81f63336-0b74-845f-b792-0174474135f5")
    }
}
