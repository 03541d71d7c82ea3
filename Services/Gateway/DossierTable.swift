import RegistryAPI
import Shared

extension Dossier {
    /// Who it is, and a line for each thing that happened, at most `width` columns wide.
    ///
    /// `zone`: the hours are those of this zone.
    func text(width: Int?, zone: Zone) -> String {
        var parts = [headline]
        if !lines.isEmpty {
            let rows = lines.map { line in
                [
                    line.day.description, line.at?.timeOfDay(in: zone) ?? "",
                    line.service.rawValue, line.kind, line.text,
                ]
            }
            parts.append(
                Table(header: ["day", "hour", "service", "kind", "what"], rows: rows)
                    .text(width: width, flexible: [4]))
        }
        // The notes on standard error are gone once this is printed on paper.
        for part in missing {
            parts.append("? \(part.part) of \(part.service) is missing: \(part.reason)")
        }
        if !withheld.isEmpty {
            parts.append("Not for your role: " + withheld.map(\.rawValue).joined(separator: ", "))
        }
        return parts.joined(separator: "\n\n")
    }

    private var headline: String {
        guard let header else { return "Participant \(participant)" }
        var words = [header.sex.rawValue]
        if let birth = header.birthDate?.description ?? header.birthYear.map(String.init) {
            words.append("born \(birth)")
        }
        if let facility = header.facility { words.append(facility) }
        if let book = header.book, let status = header.status, let since = header.bookSince {
            words.append("\(status.rawValue) in book \(book.rawValue) since \(since)")
        }
        if let block = header.block { words.append("block \(block)") }
        if let day = header.releasedOn { words.append("released \(day)") }
        if let day = header.diedOn { words.append("died \(day)") }
        if let into = header.mergedInto { words.append("merged into \(into)") }
        return "\(Console.safe(header.name)), participant \(participant)\n"
            + Console.safe(words.joined(separator: "; "))
    }

    var csv: Table {
        Table(
            header: ["participant", "day", "at", "service", "kind", "text", "record"],
            rows: lines.map { line in
                [
                    participant.description, line.day.description, line.at?.description ?? "",
                    line.service.rawValue, line.kind, line.text, line.record ?? "",
                ]
            })
    }
}
