import Foundation
import Shared

/// How a file's columns and words are to be read.
///
/// Without one, each field is read from the column of its own name.
struct CohortMapping: Equatable {
    /// The column that holds a field; an empty name leaves the field out.
    var columns: [ImportField: String] = [:]
    /// Values that are the same for every row.
    var constants: [ImportField: String] = [:]
    var units: [ImportField: DurationUnit] = [:]
    /// What the words of the file stand for.
    var codes: [ImportField: [String: String]] = [:]
    var dateFormat = DateFormat.iso
    var delimiter = UInt8(ascii: ",")

    /// The name that stands for a row's own number, from 1, where no column has it.
    static let rowNumber = "#"

    /// Where a field is read from in a file with this header.
    enum Source: Equatable {
        case column(Int, name: String)
        case constant(String)
        case rowNumber
    }

    /// Sorts out where every field comes from.
    ///
    /// Throws where a column is named that the file does not have, and where key or program come
    /// from nowhere.
    func sources(in header: [String]) throws -> [ImportField: Source] {
        var sources: [ImportField: Source] = [:]
        for field in ImportField.allCases {
            if let value = constants[field] {
                sources[field] = .constant(value)
                continue
            }
            let name = columns[field] ?? field.rawValue
            guard !name.isEmpty else { continue }
            if let index = header.firstIndex(of: name) {
                sources[field] = .column(index, name: name)
            } else if columns[field] == Self.rowNumber {
                sources[field] = .rowNumber
            } else if columns[field] != nil {
                throw GatewayProblem(
                    "the mapping takes \(field.rawValue) from the column \(Console.safe(name)), "
                        + "which the file does not have", .badData)
            }
        }
        for field in [ImportField.key, .program] where sources[field] == nil {
            throw GatewayProblem(
                "nothing says the \(field.rawValue) of a row: give a column with "
                    + "--column \(field.rawValue)=COLUMN"
                    + (field == .key
                        ? ", or --column key=# for the row's number"
                        : ", or one for all with --set program=CODE"),
                .badData)
        }
        for (field, unit) in units where sources[field] != nil {
            guard sources[unit.after] != nil, units[unit.after] == nil else {
                throw GatewayProblem(
                    "\(field.rawValue) counts from \(unit.after.rawValue), which has to be a "
                        + "date of the file or of the mapping", .badData)
            }
        }
        return sources
    }
}
