import Shared
import Testing

@testable import Gateway

@Suite("What a reply leaves out")
struct LeftOutTests {
    @Test("is said of people and of pieces, over all replies of a question")
    func lines() {
        #expect(LeftOut(ReplyNotes(position: 4)).lines.isEmpty)
        #expect(
            LeftOut(ReplyNotes(withheld: 1)).lines.map { $0.prefix(21) } == [
                "left out: 1 person is"
            ])
        var left = LeftOut(ReplyNotes(withheld: 1, walledOff: 2))
        left.add(ReplyNotes(withheld: 2))
        #expect(left.lines.count == 2)
        #expect(left.lines[0].hasPrefix("left out: 3 people are"))
        #expect(left.lines[1].hasPrefix("left out: 2 records are"))
        #expect(left.lines[1].contains("--purpose TREAT"))
    }
}
