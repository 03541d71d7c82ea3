import ArgumentParser
import RegistryAPI
import Shared

/// The letter that tells people, or the agency, of a breach: in Indonesian, with the three
/// contents that article 46 of UU 27/2022 asks for.
struct BreachLetter: Encodable, Equatable {
    let breach: BreachID
    let to: String
    let data: String
    let course: String
    let handling: String
    let discoveredAt: Timestamp
    let facilityCode: String

    /// - Throws: ``GatewayProblem`` naming the contents that nobody has stated yet.
    init(_ breach: Breach, to: String) throws {
        guard let data = breach.data, let course = breach.course, let handling = breach.handling
        else {
            let missing = breach.missingContents.joined(separator: ", ")
            throw GatewayProblem(
                "the letter must say which data, when and how, and what is done about it; "
                    + "state what is missing (\(missing)) with `pulih breach state`", .refused)
        }
        self.breach = breach.id
        self.to = to
        self.data = data
        self.course = course
        self.handling = handling
        discoveredAt = breach.discoveredAt
        facilityCode = breach.facilityCode
    }

    /// `zone`: the hours are those of this zone.
    func text(zone: Zone) -> String {
        """
        PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI
        (Pasal 46 UU Nomor 27 Tahun 2022)

        Nomor catatan: \(breach)
        Dari: \(Console.safe(facilityCode))
        Kepada Yth.: \(Console.safe(to))

        Kegagalan ini diketahui pada \(discoveredAt.text(in: zone)) \(zone.rawValue).

        1. Data pribadi yang terungkap
        \(Console.safe(data))

        2. Kapan dan bagaimana data pribadi terungkap
        \(Console.safe(course))

        3. Upaya penanganan dan pemulihan
        \(Console.safe(handling))

        Saudara berhak meminta keterangan, salinan, dan perbaikan data melalui petugas registrasi.
        """
    }
}

/// `pulih breach letter`: prints the letter.
struct BreachLetterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "letter",
        abstract: "Prints the letter about a breach, in Indonesian.",
        discussion: """
            It is refused while one of the three required contents is missing. That it was sent is \
            recorded with `pulih breach tell`.
            """)

    @OptionGroup var target: TargetOptions
    @Option(help: "To whom it goes, as it stands in the letter.")
    var to = "Subjek data pribadi yang bersangkutan"
    @Option(help: "In which time zone hours are shown.") var zone: Zone = .wib
    @Argument(help: "The breach's id.") var breach: String

    func run() async throws {
        guard let id = BreachID(text: breach) else {
            throw GatewayProblem("a breach is named by its id; `pulih breach list` shows it")
        }
        let breach = try await target.load().call(GetBreach(breach: id), target)
        Console.data(try BreachLetter(breach, to: to).text(zone: zone))
    }
}
