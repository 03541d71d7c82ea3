import Shared

/// How a file writes dates: `yyyy`, `mm` and `dd`, each once, with a character between them.
struct DateFormat: Equatable {
    enum Part: String {
        case year = "yyyy"
        case month = "mm"
        case day = "dd"
    }

    static let iso = DateFormat(text: "yyyy-mm-dd", parts: [.year, .month, .day], separator: "-")

    let text: String
    private let parts: [Part]
    private let separator: Character

    private init(text: String, parts: [Part], separator: Character) {
        self.text = text
        self.parts = parts
        self.separator = separator
    }

    init(_ text: String) throws {
        let separator = text.first { !$0.isLetter } ?? "-"
        let parts = text.split(separator: separator, omittingEmptySubsequences: false).compactMap {
            Part(rawValue: $0.lowercased())
        }
        guard Set(parts).count == 3, text.count == 10 else {
            throw GatewayProblem(
                "a date format has yyyy, mm and dd with a character between, as dd/mm/yyyy")
        }
        self.init(text: text.lowercased(), parts: parts, separator: separator)
    }

    /// The day that a text names; day and month may be of one digit, the year has four.
    func day(_ text: String) -> Day? {
        let words = text.split(separator: separator, omittingEmptySubsequences: false)
        guard words.count == 3 else { return nil }
        var numbers: [Part: Int] = [:]
        for (part, word) in zip(parts, words) {
            let lengths = part == .year ? 4...4 : 1...2
            guard lengths.contains(word.utf8.count),
                word.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            numbers[part] = Int(word)
        }
        guard let year = numbers[.year], let month = numbers[.month], let day = numbers[.day]
        else { return nil }
        return Day(year: year, month: month, day: day)
    }
}
