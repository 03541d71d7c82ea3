import Shared

/// Reads the cells of one row, and collects what is wrong with them.
struct CellReader {
    let record: CSVTable.Record
    let sources: [ImportField: CohortMapping.Source]
    let mapping: CohortMapping
    private(set) var errors: [RowError] = []

    init(
        _ record: CSVTable.Record, sources: [ImportField: CohortMapping.Source],
        mapping: CohortMapping
    ) {
        self.record = record
        self.sources = sources
        self.mapping = mapping
    }

    /// Notes that a field is wrong.
    mutating func report(_ field: ImportField, _ problem: String) {
        var column: String?
        if case .column(_, let name)? = sources[field] { column = name }
        errors.append(
            RowError(line: record.line, column: column, field: field, problem: problem))
    }

    /// The word of a field after its codes; nil where the cell is empty.
    private mutating func word(_ field: ImportField) -> String? {
        let raw: String
        switch sources[field] {
        case .column(let index, _)?:
            raw = record.cells.indices.contains(index) ? record.cells[index].trimmed : ""
        case .constant(let value)?: raw = value.trimmed
        case .rowNumber?: raw = String(record.number)
        case nil: return nil
        }
        guard let codes = mapping.codes[field] else { return raw.isEmpty ? nil : raw }
        if let meaning = codes[raw] { return meaning.isEmpty ? nil : meaning }
        guard !raw.isEmpty else { return nil }
        if field.isFreeWord, !codes.values.contains(raw) {
            report(field, "has no code; the codes are \(Self.list(codes.keys))")
            return nil
        }
        return raw
    }

    /// One line of text.
    mutating func text(_ field: ImportField, max: Int) -> String? {
        guard let text = word(field) else { return nil }
        guard text.unicodeScalars.count <= max else {
            report(field, "has more than \(max) characters")
            return nil
        }
        // What the registry refuses: such marks make what is read differ from what is stored.
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                false
            default: true
            }
        }
        guard isPlain else {
            report(field, "has line breaks, control characters or invisible ones")
            return nil
        }
        return text
    }

    mutating func nik() -> NationalID? {
        guard let text = word(.nik) else { return nil }
        do {
            return try NationalID(text)
        } catch {
            report(.nik, error.description)
            return nil
        }
    }

    /// One of some words.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ field: ImportField, _ type: Choice.Type, more: [String] = []
    ) -> Choice? where Choice.RawValue == String {
        guard let text = word(field), !more.contains(text) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let codes = mapping.codes[field].map { " or the codes \(Self.list($0.keys))" } ?? ""
        let words = (Choice.allCases.map(\.rawValue) + more).joined(separator: ", ")
        report(field, "is none of \(words)\(codes)")
        return nil
    }

    /// Whether a field holds just that word.
    mutating func holds(_ field: ImportField, _ expected: String) -> Bool {
        word(field) == expected
    }

    mutating func isEmpty(_ field: ImportField) -> Bool { word(field) == nil }

    mutating func wholeNumber(_ field: ImportField, _ range: ClosedRange<Int>) -> Int? {
        guard let text = word(field) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            report(
                field, "is no whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A domain's score, on the scale of 0 to 100.
    mutating func score(_ field: ImportField) -> Double? {
        guard let text = word(field) else { return nil }
        guard let number = Double(text), (0...100).contains(number) else {
            report(field, "is no number from 0 to 100, with a point before decimals")
            return nil
        }
        return number
    }

    /// A date, or the date that a duration reaches.
    mutating func day(_ field: ImportField, after base: Day? = nil) -> Day? {
        guard let text = word(field) else { return nil }
        guard let unit = mapping.units[field] else {
            guard let day = mapping.dateFormat.day(text) else {
                report(field, "is no date written \(mapping.dateFormat.text)")
                return nil
            }
            return day
        }
        guard let base else {
            report(field, "counts from \(unit.after.rawValue), which this row does not have")
            return nil
        }
        guard let count = Int(text), let day = unit.day(count, after: base) else {
            report(
                field,
                "is no whole number of \(unit.length.rawValue) from 0 to "
                    + "\(DurationUnit.countMax)")
            return nil
        }
        return day
    }

    private static func list(_ words: some Sequence<String>) -> String {
        words.sorted().map { "\"\(Console.safe($0))\"" }.joined(separator: ", ")
    }
}
