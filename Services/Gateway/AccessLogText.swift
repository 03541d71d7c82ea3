import Shared

/// The log in the words of those whose records it is about.
extension AccessLog {
    func text(width: Int?, zone: Zone) -> String {
        let rows = lines.map { line in
            let entry = line.entry
            return [
                entry.at.day(in: zone).description, entry.at.timeOfDay(in: zone),
                Self.person(entry.actor), Self.outcome(entry), entry.deed,
                entry.section.map(Self.section) ?? "", entry.purpose.map(Self.purpose) ?? "",
                entry.document.map { $0.prefix(8) + "…" } ?? "",
            ]
        }
        let table = Table(
            header: ["tanggal", "jam", "siapa", "hasil", "apa", "bagian", "tujuan", "dokumen"],
            rows: rows)
        var parts = [
            "Catatan akses atas data peserta \(participant)",
            lines.isEmpty
                ? "Tidak ada yang tercatat." : table.text(width: width, flexible: [2, 4]),
        ]
        for part in missing {
            parts.append("? Bagian dari \(part.service) tidak ada: \(part.reason)")
        }
        return parts.joined(separator: "\n\n")
    }

    /// The role and code of a member of staff, and where they belong.
    static func person(_ actor: String) -> String {
        guard case .person(let person) = try? Identity(uri: actor) else { return actor }
        return "\(title(person.role)) \(person.code) (\(person.affiliation.code))"
    }

    private static func title(_ role: Role) -> String {
        switch role {
        case .registrar: "petugas registrasi"
        case .security: "petugas pengamanan"
        case .physician: "tenaga medis"
        case .counselor: "konselor"
        case .boardCounselor: "konselor BNN"
        case .psychologist: "psikolog"
        case .programManager: "manajer program"
        case .facilityHead: "kepala rutan"
        case .boardHead: "kepala BNN"
        case .integratedTeam: "tim terpadu"
        case .aftercareOfficer: "petugas pascarehabilitasi"
        case .auditor: "auditor"
        case .administrator: "administrator"
        }
    }

    private static func outcome(_ line: AccessLine) -> String {
        switch line.outcome.known {
        case .read: "dibaca"
        case .changed: "diubah"
        case .refused: "ditolak" + (line.rule.map { " (\($0))" } ?? "")
        case nil: line.outcome.rawValue
        }
    }

    static func section(_ section: Open<Section>) -> String {
        switch section.known {
        case .operational: "umum"
        case .identity: "identitas"
        case .legal: "status hukum"
        case .program: "program"
        case .clinical: "klinis"
        case .counseling: "konseling"
        case .aggregate: "angka gabungan"
        case nil: section.rawValue
        }
    }

    static func purpose(_ purpose: Open<PurposeOfUse>) -> String {
        switch purpose.known {
        case .treatment: "perawatan"
        case .emergency: "keadaan darurat"
        case .operations: "pelaksanaan dan evaluasi program"
        case .administration: "administrasi"
        case .research: "penelitian"
        case .legal: "permintaan hukum"
        case .ownRequest: "permintaan peserta sendiri"
        case nil: purpose.rawValue
        }
    }
}
