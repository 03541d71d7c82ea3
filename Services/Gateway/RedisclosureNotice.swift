import RegistryAPI
import Shared

/// What every document says that leaves with a person's data, in Indonesian.
///
/// After 42 CFR 2.32, which has each disclosure carry a statement against its use in proceedings
/// and its passing on.
struct RedisclosureNotice: Encodable, Equatable {
    /// The statement, the same on every document.
    let notice: String
    /// Who gave it to whom, when, for what, by what right, and as which document.
    let watermark: String

    static let statement = """
        PEMBERITAHUAN: Catatan ini dilindungi kerahasiaannya (UU 27/2022). Catatan ini tidak boleh \
        digunakan untuk menyelidiki, menuntut, atau merugikan orang yang bersangkutan, dan tidak \
        boleh diteruskan kepada pihak lain tanpa persetujuan tertulis darinya atau perintah \
        pengadilan.
        """

    /// `zone`: the hours are those of this zone.
    init(_ disclosure: Disclosure, zone: Zone) {
        notice = Self.statement
        watermark = [
            "Dokumen \(disclosure.document) (\(disclosure.id))",
            "diberikan kepada \(disclosure.recipient)",
            "oleh \(AccessLog.person(disclosure.given.by))",
            "pada \(disclosure.given.at.text(in: zone)) \(zone.rawValue)",
            "tujuan: \(AccessLog.purpose(Open(disclosure.purpose)))",
            "dasar: \(Self.basis(of: disclosure))",
        ].joined(separator: "; ")
    }

    private static func basis(of disclosure: Disclosure) -> String {
        let record =
            disclosure.consent.map { " (persetujuan \($0))" }
            ?? disclosure.legalRequest.map { " (permintaan \($0))" }
            ?? disclosure.subjectRequest.map { " (permintaan \($0))" } ?? ""
        return disclosure.basis + record
    }

    /// A text between the notice and the watermark, as it is handed over on paper.
    func around(_ text: String) -> String {
        [notice, text, Console.safe(watermark)].joined(separator: "\n\n")
    }

    /// A table of which every row says it, so that no part is without when it is cut up.
    func around(_ table: Table) -> Table {
        table.adding(column: "pemberitahuan", notice).adding(column: "tanda_air", watermark)
    }
}
