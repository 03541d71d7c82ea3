import Testing

@testable import Gateway

@Suite("What is said of a command line that is wrong")
struct UsageMessageTests {
    @Test("names a word by its place, and options by their name")
    func words() {
        let words = ["dossier", "Budi", "Santoso", "--zone=Budi", "--zoom"]
        let message = """
            Error: Unexpected argument 'Santoso'; 'Budi' is no zone; unknown option '--zoom'
            Usage: pulih dossier <participant>
            """
        #expect(
            UsageMessage.withoutWords(message, of: words) == """
                Error: Unexpected argument (word 3); (word 2) is no zone; unknown option '--zoom'
                Usage: pulih dossier <participant>
                """)
        #expect(UsageMessage.withoutWords("no 'x' here", of: ["--zone=x"]) == "no (word 1) here")
        #expect(UsageMessage.withoutWords("nothing ''", of: [""]) == "nothing ''")
    }
}
