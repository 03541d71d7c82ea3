import RegistryAPI
import Shared

/// What every document says that holds a person's data, in Indonesian.
///
/// After 42 CFR 2.32, which has each disclosure carry a statement against its use in proceedings
/// and its passing on.
struct RedisclosureNotice: Equatable {
    /// The statement, the same on every document.
    let notice: String
    /// Who gave it to whom, or took it out; when, what of, for what, by what right, and as which
    /// document.
    let watermark: String
    /// Whether it is handed to somebody: then it stands on a screen too.
    let isHandedOver: Bool

    static let statement = """
        PEMBERITAHUAN: Catatan ini dilindungi kerahasiaannya (UU 27/2022). Catatan ini tidak boleh \
        digunakan untuk menyelidiki, menuntut, atau merugikan orang yang bersangkutan, dan tidak \
        boleh diteruskan kepada pihak lain tanpa persetujuan tertulis darinya atau perintah \
        pengadilan.
        """

    /// On what is handed over.
    ///
    /// `zone`: the hours are those of this zone.
    init(_ disclosure: Disclosure, zone: Zone) {
        notice = Self.statement
        isHandedOver = true
        watermark = Self.watermark([
            "Dokumen \(disclosure.document) (\(disclosure.id))",
            "diberikan kepada \(disclosure.recipient)",
            "oleh \(AccessLog.person(disclosure.given.by))",
            "pada \(disclosure.given.at.text(in: zone)) \(zone.rawValue)",
            Self.sections(disclosure.sections) + Self.period(of: disclosure),
            "tujuan: \(AccessLog.purpose(Open(disclosure.purpose)))",
            "dasar: \(Self.basis(of: disclosure))",
        ])
    }

    /// On what a member of staff takes out of the services for their work.
    ///
    /// Nil among the purposes is one that nobody said: what needs none is read by whoever has the
    /// role for it.
    init(
        document: String, takenBy people: [Identity], at now: Timestamp, sections: Set<Section>,
        purposes: Set<PurposeOfUse?>
    ) {
        let said = PurposeOfUse.allCases.filter(purposes.contains)
        let isUnsaid = purposes.contains(nil)
        let words = said.map { AccessLog.purpose(Open($0)) } + (isUnsaid ? ["tidak disebut"] : [])
        let bases =
            said.map(\.legalBasisInIndonesian)
            + (isUnsaid ? ["akses menurut peran (UU 27/2022 Pasal 20 ayat (2) huruf e)"] : [])
        notice = Self.statement
        isHandedOver = false
        watermark = Self.watermark([
            "Dokumen \(document)",
            "diambil oleh \(people.map { AccessLog.person($0.description) }.joined(separator: ", "))",
            "pada \(now.text(in: .wib)) \(Zone.wib.rawValue)",
            Self.sections(Section.allCases.filter(sections.contains)),
            "tujuan: \(words.joined(separator: ", "))",
            "dasar: \(bases.joined(separator: ", "))",
        ])
    }

    /// Free text in it, such as a recipient, commands no terminal.
    private static func watermark(_ parts: [String]) -> String {
        Console.safe(parts.joined(separator: "; "))
    }

    private static func sections(_ sections: [Section]) -> String {
        "bagian: " + sections.map { AccessLog.section(Open($0)) }.joined(separator: ", ")
    }

    private static func period(of disclosure: Disclosure) -> String {
        [
            disclosure.from.map { " sejak \($0)" } ?? "",
            disclosure.through.map { " sampai \($0)" } ?? "",
        ].joined()
    }

    private static func basis(of disclosure: Disclosure) -> String {
        let record =
            disclosure.consent.map { " (persetujuan \($0))" }
            ?? disclosure.legalRequest.map { " (permintaan \($0))" }
            ?? disclosure.subjectRequest.map { " (permintaan \($0))" } ?? ""
        return disclosure.basis + record
    }

    /// A text as it is put on paper or into a file.
    ///
    /// What is handed over has the notice above it. What is taken out keeps its form, with both
    /// below: the columns stay where they were.
    func around(_ text: String) -> String {
        let parts = isHandedOver ? [notice, text, watermark] : [text, notice, watermark]
        return parts.joined(separator: "\n\n")
    }

    /// A table of which every row says it, so that no part is without when it is cut up.
    func around(_ table: Table) -> Table {
        table.adding(column: "pemberitahuan", notice).adding(column: "tanda_air", watermark)
    }
}
