import ClinicalAPI
import EvaluationAPI
import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("What leaves, and who must be told, by the command", .timeLimit(.minutes(2)))
struct RegistersTests {
    private func prepare() async throws -> (Town, ParticipantID) {
        let town = try await Town()
        let admission = try Admission(await MasterData.record(in: town))
        _ = try await admission.record(in: town)
        // The others hear of the person by the feed.
        _ = try await town.onceHeard(
            EvaluationTimeline(participant: admission.participant), as: .counselor, despite: [])
        _ = try await town.onceHeard(
            GetPlan(participant: admission.participant), as: .counselor, despite: [])
        return (town, admission.participant)
    }

    @Test("a dossier leaves under a consent that names who gets it, and is entered first")
    func handOut() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let consent = Consent(
            id: fresh(), participant: participant, kind: .dataSharing, version: "DS-1",
            scope: [.identity, .legal, .program, .clinical], purpose: "pendampingan",
            recipients: ["Bapas Jember"], language: "id", signedOn: town.day(-1),
            expiresOn: town.day(30), witness: Witness(name: "Pendamping", relation: "legal aid"),
            explanation: Explanation(explainedOn: town.day(-3), noPenaltyReadOut: true))
        _ = try await town.call(RecordConsent(consent: consent), as: .counselor)
        let command = try PulihCommand(town.cluster, as: .physician)
        let other = try await command.run(
            "dossier", "\(participant)", "--hand-out", "Pers", "--consent", "\(consent.id)")
        #expect(other.status == 4 && other.notes.contains("recipient-not-named"))
        #expect(other.output.isEmpty)
        let list = ListDisclosures(participant: participant)
        #expect(try await town.call(list, as: .registrar).disclosures.isEmpty)

        let given = try await command.run(
            "dossier", "\(participant)", "--hand-out", "Bapas Jember", "--consent",
            "\(consent.id)")
        #expect(given.status == 0, "\(given.notes)")
        #expect(given.output.hasPrefix("PEMBERITAHUAN"))
        #expect(given.output.contains("diberikan kepada Bapas Jember"))
        let disclosures = try await town.call(list, as: .registrar).disclosures
        #expect(disclosures.map(\.consent) == [consent.id])
        let document = try #require(disclosures.first?.document)
        #expect(given.output.contains(document))
        let unbased = try await command.run("dossier", "\(participant)", "--hand-out", "Pers")
        #expect(unbased.status == 2)
    }

    @Test("a dossier that leaves holds what its consent covers, or less, and never more")
    func handOutOfParts() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let consent = Consent(
            id: fresh(), participant: participant, kind: .dataSharing, version: "DS-1",
            scope: [.identity, .program], purpose: "pendampingan", recipients: ["Bapas Jember"],
            language: "id", signedOn: town.day(-1), expiresOn: town.day(30),
            witness: Witness(name: "Pendamping", relation: "legal aid"),
            explanation: Explanation(explainedOn: town.day(-3), noPenaltyReadOut: true))
        _ = try await town.call(RecordConsent(consent: consent), as: .counselor)
        let command = try PulihCommand(town.cluster, as: .physician)
        func handOut(_ more: String...) async throws -> PulihCommand.Result {
            try await command.run(
                [
                    "dossier", "\(participant)", "--hand-out", "Bapas Jember", "--consent",
                    "\(consent.id)",
                ] + more)
        }
        let whole = try await handOut()
        #expect(whole.status == 0, "\(whole.notes)")
        #expect(whole.output.contains("Peserta \(participant.description.suffix(12))"))
        #expect(whole.output.contains("consent to data sharing recorded"))
        #expect(whole.output.contains("bagian: identitas, program; tujuan:"))
        // Books, blocks, tests and findings are of other sections.
        for word in ["B.I", "in block", "urine", "assist", Town.rutan.code + ";"] {
            #expect(!whole.output.contains(word), "\(word)")
        }
        let part = try await handOut("--sections", "program", "-o", "csv")
        #expect(part.status == 0, "\(part.notes)")
        #expect(!part.output.contains("Peserta "))
        let rows = part.output.split(separator: "\n")
        #expect(rows.count > 1)
        #expect(rows.dropFirst().allSatisfy { $0.contains("diberikan kepada Bapas Jember") })
        let more = try await handOut("--sections", "program,clinical")
        #expect(more.status == 4 && more.notes.contains("consent-does-not-cover"))
        #expect(more.output.isEmpty)
        #expect(try await handOut("--sections", "program,soup").status == 2)
        let list = ListDisclosures(participant: participant)
        #expect(
            try await town.call(list, as: .registrar).disclosures.map(\.sections) == [
                [.identity, .program], [.program],
            ])
    }

    @Test("a person gets a copy from all services, once it is granted")
    func copy() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let asked = try await town.call(
            EnterSubjectRequest(
                id: fresh(), participant: participant, kind: .copy, channel: .paper,
                words: "saya minta salinan"), as: .registrar)
        let command = try PulihCommand(town.cluster, as: .physician)
        let arguments = ["participant", "copy", "\(participant)", "--request", "\(asked.id)"]
        let early = try await command.run(arguments)
        #expect(early.status == 4 && early.notes.contains("subject-request-not-granted"))
        _ = try await town.call(
            AnswerSubjectRequest(request: asked.id, outcome: .granted, ground: "hak subjek"),
            as: .programManager)
        let copy = try await command.run(arguments)
        #expect(copy.status == 0, "\(copy.notes)")
        #expect(copy.output.contains("PERSETUJUAN (registry)"))
        #expect(copy.output.contains("TES URINE (clinical)"))
        #expect(copy.output.contains("EVALUASI (evaluation)"))
        #expect(copy.output.contains("diberikan kepada peserta sendiri"))
        // Reading it is on the person's log, for the purpose that it was.
        let log = try await PulihCommand(town.cluster, as: .facilityHead).run(
            "access-log", "\(participant)", "-o", "csv")
        #expect(log.output.contains("clinical.note.list,read,counseling,PATRQT"), "\(log.output)")
    }

    @Test("a copy that is granted in part holds that part")
    func partialCopy() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let asked = try await town.call(
            EnterSubjectRequest(
                id: fresh(), participant: participant, kind: .copy, channel: .paper,
                words: "saya minta salinan"), as: .registrar)
        _ = try await town.call(
            AnswerSubjectRequest(
                request: asked.id, outcome: .partly, ground: "yang lain masih disusun",
                sections: [.legal, .program]), as: .programManager)
        let command = try PulihCommand(town.cluster, as: .physician)
        let copy = try await command.run(
            "participant", "copy", "\(participant)", "--request", "\(asked.id)")
        #expect(copy.status == 0, "\(copy.notes)")
        for heading in ["STATUS HUKUM (registry)", "PERSETUJUAN (registry)"] {
            #expect(copy.output.contains(heading))
        }
        for word in ["IDENTITAS", "TES URINE", "CATATAN KONSELING", "Peserta \(participant)"] {
            #expect(!copy.output.contains(word), "\(word)")
        }
        #expect(copy.output.contains("bagian: status hukum, program; tujuan: permintaan peserta"))
    }

    @Test("what police, prosecutor or court are given is printed with what was granted")
    func legalPrint() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let request: LegalRequestID = fresh()
        _ = try await town.call(
            EnterLegalRequest(
                id: request, participant: participant,
                asked: LegalAsk(
                    authority: .court, office: "PN Kraksaan", letterNumber: "W14/1/2026",
                    letterOn: town.day(-2), basis: .courtOrder, citation: "Penetapan 3/2026",
                    sections: [.identity, .program, .clinical], from: town.day(-3000),
                    through: town.day(-500), purpose: "pembuktian")),
            as: .registrar)
        _ = try await town.call(
            DecideLegalRequest(
                request: request, outcome: .partly, sections: [.identity, .program],
                ground: "yang klinis tidak perlu", through: town.day(5)), as: .facilityHead,
            code: "kepala")
        let disclosure: DisclosureID = fresh()
        let command = try PulihCommand(town.cluster, as: .physician)
        let arguments = [
            "legalrequest", "print", "\(participant)", "--disclosure", "\(disclosure)",
        ]
        // Nothing is printed before it is entered.
        let early = try await command.run(arguments)
        #expect(early.status == 5 && early.output.isEmpty)
        let officer = try PulihCommand(town.cluster, as: .programManager)
        func give(_ sections: String) async throws -> PulihCommand.Result {
            try await officer.run(
                "legalrequest", "give", "request=\(request)", "id=\(disclosure)",
                "sections=\(sections)", "document=surat-7", "recipient=Panitera")
        }
        #expect(try await give(#"["identity", "clinical"]"#).status == 4)
        let given = try await give(#"["identity", "program"]"#)
        #expect(given.status == 0, "\(given.notes)")

        let print = try await command.run(arguments)
        #expect(print.status == 0, "\(print.notes)")
        #expect(print.output.hasPrefix("PEMBERITAHUAN"))
        for word in [
            "IDENTITAS (registry)", "Peserta \(participant.description.suffix(12))",
            "PERSETUJUAN (registry)", "Dokumen surat-7 (\(disclosure))",
            "diberikan kepada Panitera",
            "bagian: identitas, program sejak \(town.day(-3000)) sampai \(town.day(-500))",
            "dasar: PN Kraksaan, W14/1/2026: Penetapan 3/2026 (permintaan \(request))",
        ] {
            #expect(print.output.contains(word), "\(word)")
        }
        for word in ["STATUS HUKUM", "TES URINE", "DATA MINIMUM", "PEMBERIAN DATA", "B.I"] {
            #expect(!print.output.contains(word), "\(word)")
        }
        // The consent on file was signed on another day than the letter asks about.
        #expect(!print.output.contains("legal aid"))
        let log = try await PulihCommand(town.cluster, as: .facilityHead).run(
            "access-log", "\(participant)", "-o", "csv")
        #expect(log.output.contains("registry.participant.get,read,identity,HLEGAL"))
        // A decision that takes it back ends the printing too.
        _ = try await town.call(
            DecideLegalRequest(request: request, outcome: .refused, ground: "dicabut"),
            as: .facilityHead, code: "kepala")
        let late = try await command.run(arguments)
        #expect(late.status == 4 && late.output.isEmpty, "\(late.output)")
    }

    @Test("how the law holds somebody, and whether they came, is given without their name")
    func legalPrintWithoutName() async throws {
        let (town, participant) = try await prepare()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        let (request, disclosure): (LegalRequestID, DisclosureID) = (fresh(), fresh())
        _ = try await town.call(
            EnterLegalRequest(
                id: request, participant: participant,
                asked: LegalAsk(
                    authority: .police, office: "Polres Probolinggo", letterNumber: "B/12/2026",
                    letterOn: town.day(-2), basis: .officialLetter, citation: "UU 20/2025",
                    sections: [.legal, .program], purpose: "penyidikan")), as: .registrar)
        _ = try await town.call(
            DecideLegalRequest(
                request: request, outcome: .granted, ground: "cukup", through: town.day(5)),
            as: .facilityHead, code: "kepala")
        _ = try await town.call(
            GiveOnLegalRequest(
                request: request, id: disclosure, sections: [.legal, .program],
                document: "surat-8", recipient: "Brigadir Adi"), as: .registrar)
        let print = try await PulihCommand(town.cluster, as: .physician).run(
            "legalrequest", "print", "\(participant)", "--disclosure", "\(disclosure)")
        #expect(print.status == 0, "\(print.notes)")
        for word in ["STATUS HUKUM (registry)", "B.I", "KEHADIRAN (clinical)", "legal aid"] {
            #expect(print.output.contains(word), "\(word)")
        }
        for word in ["IDENTITAS", "Peserta \(participant.description.suffix(12))", "KLINIS"] {
            #expect(!print.output.contains(word), "\(word)")
        }
    }

    @Test("a letter about a breach is printed when its three contents are stated")
    func letter() async throws {
        let town = try await Town()
        defer { for name in ServiceName.allCases { town.kill(name) } }
        _ = try await MasterData.record(in: town)
        let command = try PulihCommand(town.cluster, as: .programManager)
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        let id: BreachID = fresh()
        let reported = try await command.run(
            "breach", "report", "id=\(id)", "facilityCode=\(Town.rutan.code)",
            "discoveredAt=\(now.adding(seconds: -60))", "data=nama dan jadwal")
        #expect(reported.status == 0, "\(reported.notes)")
        let early = try await command.run("breach", "letter", "\(id)")
        #expect(early.status == 4 && early.notes.contains("(course, handling)"))
        let stated = try await command.run(
            "breach", "state", "breach=\(id)", "course=surel salah kirim", "handling=ditarik")
        #expect(stated.status == 0, "\(stated.notes)")
        let letter = try await command.run("breach", "letter", "\(id)", "--to", "Budi")
        #expect(letter.status == 0, "\(letter.notes)")
        #expect(letter.output.contains("Kepada Yth.: Budi"))
        #expect(letter.output.contains("ditarik"))
        let list = try await command.run("breach", "list", "open=true", "-o", "json")
        #expect(list.output.contains("\"hoursLeft\": 71"), "\(list.output)")
    }
}
