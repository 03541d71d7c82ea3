import Foundation

/// Alters a store behind its service's back, by another program (`tamper.py`) with plain SQLite.
package struct Tamper: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case edit
        case first
        case delete
        case reorder
        case truncate
        case append
        case raw
        case rewrite

        // Of the tables.
        case table
        case column
        case insert
        case remove
        case swap
        case rawRow = "rawrow"
        case trigger
        case object
        case unseal
        case reseal
        case oldRow = "oldrow"
        case oldSeal = "oldseal"
        case oldTables = "oldtables"
        case nothing
        case before
    }

    /// The database file.
    let store: String
    /// The file with the journal's key, for what needs it.
    let key: String?
    /// The database file as it was earlier, for what needs it.
    let older: String?

    package init(store: String, key: String? = nil, older: String? = nil) {
        self.store = store
        self.key = key
        self.older = older
    }

    /// Does one thing, the same for the same seed, and returns what it did.
    ///
    /// `table`: the table that it is done to; nil for any that has rows.
    @discardableResult
    package func run(_ kind: Kind, seed: Int, table: String? = nil) throws -> String {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("tamper.py").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", script, store, kind.rawValue, "\(seed)"]
            + [("--key", key), ("--older", older), ("--table", table)].flatMap { name, value in
                value.map { [name, $0] } ?? []
            }
        let (output, problems) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = problems
        try process.run()
        let did = try output.fileHandleForReading.readToEnd() ?? Data()
        let problem = try problems.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TamperProblem(description: String(decoding: problem, as: UTF8.self))
        }
        return String(decoding: did, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

package struct TamperProblem: Error, CustomStringConvertible {
    package let description: String
}
