import Shared

/// What a reply leaves out, so that nobody takes less for all.
struct LeftOut: Equatable, Sendable {
    /// People who have not agreed to what they would be shown for.
    private var people: Int64 = 0
    /// Pieces that somebody told before a verdict.
    private var pieces: Int64 = 0

    init() {}

    init(_ notes: ReplyNotes) { add(notes) }

    mutating func add(_ notes: ReplyNotes) {
        people += notes.withheld ?? 0
        pieces += notes.walledOff ?? 0
    }

    /// Why, and for what it is shown all the same; empty where the reply is whole.
    var lines: [String] {
        var lines: [String] = []
        if people > 0 {
            let who = people == 1 ? "1 person is" : "\(people) people are"
            lines.append("left out: \(who) not shown, who did not agree to this or took it back")
        }
        if pieces > 0 {
            let what = pieces == 1 ? "1 record is" : "\(pieces) records are"
            lines.append(
                "left out: \(what) not shown, because the person told it before the verdict; "
                    + "for treatment it is there: --purpose TREAT")
        }
        return lines
    }
}
