/// What was wrong with a command line, without its words: one of them may be somebody's name.
enum UsageMessage {
    /// The same text with each word that it quotes named by its place instead; options stay.
    ///
    /// `words`: the command line without the program.
    static func withoutWords(_ message: String, of words: [String]) -> String {
        var message = message
        for (index, word) in words.enumerated() {
            guard let said = said(in: word), !said.isEmpty else { continue }
            message = message.replacing("'\(said)'", with: "(word \(index + 1))")
        }
        return message
    }

    /// What is not the name of an option.
    private static func said(in word: String) -> Substring? {
        guard word.hasPrefix("-") else { return word[...] }
        return word.firstIndex(of: "=").map { word[word.index(after: $0)...] }
    }
}
