/// Compares names as Indonesian papers spell them.
package enum NameLikeness {
    /// A name's words without marks, digits and titles, in modern spelling, sorted.
    ///
    /// The spelling of before 1972 becomes today's, and the many ways to write Muhammad one.
    package static func normalized(_ name: String) -> [String] {
        let letters = name.lowercased().map { $0.isLetter ? $0 : " " }
        let words = String(letters).split(separator: " ").map(String.init)
        return words.map(modern).filter { $0.count > 1 || words.count == 1 }.sorted()
    }

    private static func modern(_ word: String) -> String {
        let muhammad = ["mohammad", "mohamad", "muhamad", "mochammad", "mochamad", "moch", "moh"]
        if muhammad.contains(word) || word == "muh" { return "muhammad" }
        var rest = Substring(word)
        var spelled = ""
        while let letter = rest.first {
            switch rest.prefix(2) {
            case "dj": spelled += "j"
            case "tj": spelled += "c"
            case "oe": spelled += "u"
            case "sj": spelled += "sy"
            case "nj": spelled += "ny"
            default:
                spelled.append(letter)
                rest.removeFirst()
                continue
            }
            rest.removeFirst(2)
        }
        return spelled
    }

    /// How alike two normalized names are, 0 to 1.
    ///
    /// The mean likeness of the shorter name's words to their best partners in the other. A
    /// single word matches only a single word: half of Java is called Slamet.
    package static func similarity(_ one: [String], _ other: [String]) -> Double {
        let (short, long) = one.count <= other.count ? (one, other) : (other, one)
        guard !short.isEmpty, short.count > 1 || long.count == 1 else { return 0 }
        var rest = long
        var sum = 0.0
        for word in short {
            let scores = rest.map { jaroWinkler(word, $0) }
            guard let best = scores.max(), let index = scores.firstIndex(of: best) else { continue }
            sum += best
            rest.remove(at: index)
        }
        return sum / Double(short.count)
    }

    /// Likeness of two words, 0 to 1 (Jaro 1989, with Winkler's bonus of 0.1 a letter for up to
    /// four common first letters).
    package static func jaroWinkler(_ one: String, _ other: String) -> Double {
        let (a, b) = (Array(one), Array(other))
        guard !a.isEmpty, !b.isEmpty else { return a.isEmpty && b.isEmpty ? 1 : 0 }
        let reach = max(0, max(a.count, b.count) / 2 - 1)
        var taken = [Bool](repeating: false, count: b.count)
        var matchedA: [Character] = []
        for (index, letter) in a.enumerated() {
            let from = max(0, index - reach)
            let to = min(b.count, index + reach + 1)
            guard from < to else { continue }
            if let match = (from..<to).first(where: { !taken[$0] && b[$0] == letter }) {
                taken[match] = true
                matchedA.append(letter)
            }
        }
        guard !matchedA.isEmpty else { return 0 }
        let matchedB = b.indices.filter { taken[$0] }.map { b[$0] }
        let swapped = zip(matchedA, matchedB).count { $0 != $1 }
        let matches = Double(matchedA.count)
        let jaro =
            (matches / Double(a.count) + matches / Double(b.count)
                + (matches - Double(swapped) / 2) / matches) / 3
        let prefix = zip(a, b).prefix(4).prefix { $0 == $1 }.count
        return jaro + Double(prefix) * 0.1 * (1 - jaro)
    }
}
