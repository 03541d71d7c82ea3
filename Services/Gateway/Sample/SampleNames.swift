import RegistryAPI
import Shared

/// Invented people: birds and plants for names, and numbers of a region that does not exist.
enum SampleNames {
    struct Person: Sendable {
        let name: String
        let sex: Sex
    }

    private static let birds = [
        "Perkutut", "Murai", "Cucak", "Tekukur", "Bangau", "Kepodang", "Gelatik", "Pipit",
        "Camar", "Walet", "Srigunting", "Kacer", "Beo", "Kakatua", "Bondol", "Trucuk", "Prenjak",
        "Cabak", "Kuntul", "Blekok", "Punai", "Ciblek", "Belibis", "Bulbul",
    ]
    private static let plants = [
        "Randu", "Kelapa", "Aren", "Lontar", "Asam", "Mangga", "Rambutan", "Nangka", "Sawo",
        "Salam", "Bambu", "Rotan", "Pandan", "Kemiri", "Pala", "Cengkih", "Kapuk", "Turi",
        "Kelor", "Lamtoro", "Flamboyan", "Bungur", "Ketapang", "Nyamplung",
    ]

    /// People of whom no two share a word of their names; a few are women.
    static func people(_ count: Int, using random: inout SplitMix64) -> [Person] {
        let first = birds.shuffled(using: &random)
        let last = plants.shuffled(using: &random)
        return zip(first, last).prefix(count).enumerated().map { index, words in
            Person(name: "\(words.0) \(words.1)", sex: index % 11 == 10 ? .female : .male)
        }
    }

    /// No province of Indonesia has the number 99.
    static let region = "999901"

    static func identity(
        _ person: Person, number: Int, admittedOn: Day, using random: inout SplitMix64
    ) -> ParticipantIdentity {
        let birth = admittedOn.adding(days: -random.number((20 * 365)...(46 * 365)))
        // One of them came without papers, as people do.
        let nik = number == 13 ? nil : nationalID(birth, person.sex, serial: number)
        return ParticipantIdentity(
            name: person.name, fingerprintNumber: "CONTOH-\(1000 + number)", nik: nik,
            nikUnknownReason: nik == nil ? "Belum melakukan perekaman KTP-el" : nil,
            sex: person.sex, birthDate: birth)
    }

    private static func nationalID(_ birth: Day, _ sex: Sex, serial: Int) -> NationalID? {
        let (year, month, day) = birth.parts
        let digits =
            region + padded(sex == .female ? day + 40 : day, 2) + padded(month, 2)
            + padded(year % 100, 2) + padded(serial, 4)
        return try? NationalID(digits)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
