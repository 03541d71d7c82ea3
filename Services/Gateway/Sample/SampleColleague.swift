import ClinicalAPI
import Shared

/// A member of staff in the sample, with an invented name.
struct SampleColleague: Hashable, Sendable {
    /// As their certificate and its files are named.
    let code: String
    let name: String
    let role: Role
    let affiliation: Affiliation
    let title: String

    /// For what they read: people treated, the program run, papers kept.
    var purpose: PurposeOfUse? {
        [.treatment, .operations, .administration].first(where: role.purposes.contains)
    }
    var reference: StaffReference { StaffReference(affiliation: affiliation, code: code) }
}

/// Who works in the sample program: a flower, a bird or a tree for a name, and nobody real.
enum SampleStaff {
    static let rutan = Affiliation(kind: .facility, code: "rutan-kraksaan")
    static let board = Affiliation(kind: .institution, code: "bnnk-pasuruan")

    static let administrator = at(rutan, "jalak", "Jalak Trembesi", .administrator, "Pengelola SI")
    static let registrar = at(rutan, "melati", "Melati Cendana", .registrar, "Petugas Registrasi")
    static let guardian = at(rutan, "elang", "Elang Sengon", .security, "Kepala Pengamanan")
    static let physician = at(rutan, "teratai", "Teratai Kenanga", .physician, "Dokter Rutan")
    static let counselors = [
        at(rutan, "kenari", "Kenari Jati", .counselor, "Konselor Adiksi"),
        at(rutan, "anggrek", "Anggrek Mahoni", .counselor, "Konselor Adiksi"),
    ]
    /// Treats nobody, and so may sign evaluations for the facility.
    static let psychologist = at(rutan, "cempaka", "Cempaka Pinus", .psychologist, "Psikolog")
    static let manager = at(
        rutan, "merpati", "Merpati Sonokeling", .programManager, "Manajer Program")
    static let head = at(rutan, "rajawali", "Rajawali Ulin", .facilityHead, "Kepala Rutan")

    static let boardCounselor = at(
        board, "kutilang", "Kutilang Damar", .boardCounselor, "Konselor BNNK")
    /// Signs evaluations for the board.
    static let assessor = at(
        board, "seruni", "Seruni Waru", .integratedTeam, "Tim Asesmen Terpadu")
    static let boardHead = at(
        board, "cendrawasih", "Cendrawasih Meranti", .boardHead, "Kepala BNNK")
    static let aftercare = at(
        board, "dahlia", "Dahlia Beringin", .aftercareOfficer, "Petugas Pascarehabilitasi")

    static let all =
        [administrator, registrar, guardian, physician] + counselors
        + [psychologist, manager, head, boardCounselor, assessor, boardHead, aftercare]

    private static func at(
        _ affiliation: Affiliation, _ code: String, _ name: String, _ role: Role, _ title: String
    ) -> SampleColleague {
        SampleColleague(
            code: code, name: name, role: role, affiliation: affiliation, title: title)
    }
}
