import NIOCore
import RegistryAPI
import Shared
import Synchronization
import Testing

@testable import Gateway

@Suite("What a command takes out of the services")
struct ErrandTests {
    /// Answers every call with nothing, or fails, and remembers what was sent.
    private final class Line: Transport {
        let sent = Mutex<[OutboundCall]>([])
        let failure: RPCFailure?

        init(failing failure: RPCFailure? = nil) { self.failure = failure }

        func unary(_ call: OutboundCall) async throws(RPCFailure) -> InboundReply {
            sent.withLock { $0.append(call) }
            if let failure { throw failure }
            return InboundReply(message: ByteBuffer())
        }

        func stream(_ call: OutboundCall) async throws(RPCFailure) -> MessageStream {
            sent.withLock { $0.append(call) }
            return MessageStream { () throws(RPCFailure) in nil }
        }
    }

    private static let melati = try? Identity(
        uri: "spiffe://pulih.test/facility/rutan-kraksaan/role/physician/melati")

    private let errand = Errand()
    private let now = time("2026-03-01T03:30:00Z")

    private func call(
        _ method: MethodName, for purpose: PurposeOfUse? = nil, over line: Line = Line()
    ) async throws {
        let transport = NotingTransport(transport: line, errand: errand, identity: Self.melati)
        _ = try await transport.unary(
            OutboundCall(
                method: method, message: ByteBuffer(), deadline: .now + .seconds(1),
                purpose: purpose))
    }

    @Test("says who took it, when, what, for what, by what right, and by which number it is found")
    func watermark() async throws {
        try await call("clinical.note.list", for: .treatment)
        try await call("registry.participant.get", for: .treatment)
        let notice = try #require(errand.notice(at: now))
        #expect(notice.notice == RedisclosureNotice.statement)
        #expect(
            notice.watermark == """
                Dokumen \(errand.document); diambil oleh tenaga medis melati (rutan-kraksaan); \
                pada 2026-03-01 10:30 WIB; bagian: identitas, konseling; tujuan: perawatan; dasar: \
                UU 27/2022 Pasal 20 ayat (2) huruf a (persetujuan) dan e (pelayanan publik)
                """)
        #expect(errand.document.count == 32)
        #expect(Errand().document != errand.document)
    }

    @Test("says so where no purpose was named")
    func unsaid() async throws {
        try await call("registry.participant.list")
        let mark = try #require(errand.notice(at: now)).watermark
        #expect(mark.contains("tujuan: tidak disebut; dasar: akses menurut peran"))
        try await call("registry.enrollment.list", for: .legal)
        let both = try #require(errand.notice(at: now)).watermark
        #expect(both.contains("tujuan: permintaan hukum, tidak disebut; dasar: "))
    }

    @Test("says nothing where nobody was shown: master data, figures, and what was refused")
    func nobody() async throws {
        for method in ["registry.facility.list", "evaluation.effectiveness.report"] {
            try await call(MethodName(method))
        }
        let refusing = Line(failing: RPCFailure(.permissionDenied, "no", outcome: .notProcessed))
        await #expect(throws: RPCFailure.self) {
            try await call("registry.participant.list", over: refusing)
        }
        #expect(errand.notice(at: now) == nil)
    }

    @Test("takes a method that it does not know for one that shows people")
    func unknown() async throws {
        try await call("clinical.dream.list")
        #expect(errand.notice(at: now)?.watermark.contains("bagian: konseling") == true)
    }

    @Test("every call that shows people bears the number, and none is written into a log for it")
    func marked() async throws {
        let line = Line()
        try await call("registry.participant.get", over: line)
        try await call("registry.facility.list", over: line)
        let transport = NotingTransport(transport: line, errand: errand, identity: nil)
        _ = try await transport.stream(
            OutboundCall(
                method: "registry.feed.follow", message: ByteBuffer(), deadline: .now + .seconds(1),
                trace: errand.followed))
        let traces = line.sent.withLock { $0.map(\.trace) }
        #expect(traces.map { $0?.traceID } == [errand.document, nil, errand.document])
        // The last was asked to be followed.
        #expect(traces.map { $0?.flags } == [0, nil, 1])
        #expect(errand.notice(at: now)?.watermark.contains("bagian: identitas, program;") == true)
    }

    private struct Row: Encodable {
        var name = "Budi"
        var days = 3
    }

    @Test("is in every row of a CSV, after the columns that were there")
    func csv() async throws {
        try await call("registry.participant.list", for: .administration)
        let notice = errand.notice(at: now)
        let document = try Document(["rows": [Row(), Row()]], notice: notice)
        let lines = document.text(.csv).split(separator: "\n")
        #expect(lines.first == "name,days,pemberitahuan,tanda_air")
        #expect(lines.count == 3)
        for line in lines.dropFirst() {
            #expect(line.hasPrefix("Budi,3,\"PEMBERITAHUAN: "))
            #expect(line.contains(",Dokumen \(errand.document); diambil oleh tenaga medis melati"))
        }
        // Those made by hand too.
        let table = Table(header: ["a"], rows: [["1"]]).csv(under: notice)
        #expect(table.hasPrefix("a,pemberitahuan,tanda_air\n1,\"PEMBERITAHUAN: "))
    }

    @Test("is a field of JSON before all others, which stay where they were")
    func json() async throws {
        try await call("registry.participant.list", for: .administration)
        let notice = try #require(errand.notice(at: now))
        let line = try Document(Row(), notice: notice).line
        #expect(line.hasPrefix(#"{"redisclosure": {"notice": "PEMBERITAHUAN: "#))
        #expect(line.hasSuffix(#""}, "name": "Budi", "days": 3}"#))
        let list = try Document([Row()], notice: notice).line
        #expect(list.hasSuffix(#""}, "content": [{"name": "Budi", "days": 3}]}"#))
        #expect(try Document(Row(), notice: nil).line == #"{"name": "Budi", "days": 3}"#)
    }

    @Test("stands by itself around what a run prints")
    func current() async throws {
        try await call("registry.participant.list", for: .administration)
        let before = try Document(Row()).line
        let during = try Errand.$current.withValue(errand) { try Document(Row()).line }
        #expect(!before.contains("redisclosure"))
        #expect(during.contains(errand.document))
    }

    @Test("commands no terminal and no spreadsheet, whatever a recipient is called")
    func injection() throws {
        let hostile = "=cmd()\",\u{1b}[2J\r\n\u{202e}@x"
        let disclosure = Disclosure(
            id: id(1), participant: id(2), recipient: hostile, sections: [.program],
            purpose: .operations, basis: hostile, consent: id(3), document: "=1+1",
            given: RegisterStep(by: "=spiffe", at: now))
        let notice = RedisclosureNotice(disclosure, zone: .wib)
        let texts = [
            Table(header: ["a"], rows: [["1"]]).csv(under: notice), notice.around("isi"),
            try Document(Row(), notice: notice).text(.json),
        ]
        for text in texts {
            #expect(text.contains("cmd()"))
            for scalar in ["\u{1b}", "\r", "\u{202e}"] { #expect(!text.contains(scalar)) }
        }
        let rows = texts[0].split(separator: "\n")
        #expect(rows.count == 2)
        // The cell is quoted whole, with its quotation marks doubled, and begins with a word.
        #expect(rows[1].hasSuffix(#"(persetujuan \#(id(3) as ConsentID))""#))
        #expect(rows[1].contains(#","Dokumen =1+1 ("#))
        #expect(rows[1].contains(#"=cmd()"","#))
    }
}
