import ArgumentParser

/// How to print.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "table, json or csv.") var output: OutputForm = .table

    /// Prints a value in the form that it has by itself.
    ///
    /// `notice`: what the print must say of itself; nil for what has nobody in it.
    func print(
        _ value: some Encodable, notice: RedisclosureNotice? = Errand.current.notice
    ) throws {
        let document = try Document(value, notice: notice)
        switch output {
        case .json, .csv: Console.data(document.text(output))
        case .table: Console.data(document.text(.table), under: notice)
        }
    }

    /// Prints an answer that people read in another form than programs.
    ///
    /// `text`: the form for people, at most as wide as it is told, if it is.
    func print(
        _ value: some Encodable, csv: @autoclosure () -> Table,
        notice: RedisclosureNotice? = Errand.current.notice, text: (_ width: Int?) throws -> String
    ) throws {
        switch output {
        case .json: try print(value, notice: notice)
        case .csv: Console.data(csv().csv(under: notice))
        case .table: Console.data(try text(Console.width), under: notice)
        }
    }
}

extension Console {
    /// Text for people with the notice around it; on a screen only where it is handed over.
    fileprivate static func data(_ text: String, under notice: RedisclosureNotice?) {
        let isSeenOnly = width != nil && notice?.isHandedOver != true
        data(isSeenOnly ? text : notice?.around(text) ?? text)
    }
}
