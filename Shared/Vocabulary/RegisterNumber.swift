/// One of the books in which a detention centre registers a person.
///
/// The book decides the legal status (decree PAS-170.PK.01.01.02 of 2015).
package enum RegisterBook: String, Codable, Hashable, Sendable, CaseIterable {
    /// Held for the police investigator.
    case a1 = "A.I"
    /// Held for the public prosecutor.
    case a2 = "A.II"
    /// Held for the district court.
    case a3 = "A.III"
    /// Held for the high court.
    case a4 = "A.IV"
    /// Held for the supreme court.
    case a5 = "A.V"
    /// Convicted, more than twelve months.
    case b1 = "B.I"
    /// Convicted, more than three and up to twelve months.
    case b2a = "B.IIa"
    /// Convicted, one day up to three months.
    case b2b = "B.IIb"
    /// Light imprisonment, or in place of a fine.
    case b3 = "B.III"

    /// Whether the holder is on trial or convicted.
    package var legalStatus: LegalStatus {
        switch self {
        case .a1, .a2, .a3, .a4, .a5: .detainee
        case .b1, .b2a, .b2b, .b3: .convict
        }
    }

    /// Whether a sentence of so many months belongs into this book; nil where the book does not
    /// depend on the sentence.
    package func fits(sentenceMonths months: Int) -> Bool? {
        switch self {
        case .b1: months > 12
        case .b2a: months > 3 && months <= 12
        case .b2b: months >= 0 && months <= 3
        case .a1, .a2, .a3, .a4, .a5, .b3: nil
        }
    }
}

/// Whether somebody is held before judgment or serves a sentence.
package enum LegalStatus: String, Codable, Hashable, Sendable, CaseIterable {
    /// Tahanan: any court may move or release them on any day.
    case detainee
    /// Narapidana.
    case convict
}

/// A number in a register book, such as `B.I 123/2026`.
package struct RegisterNumber: Codable, Hashable, Sendable, CustomStringConvertible {
    package let book: RegisterBook
    /// As written in the book, without its letter.
    package let number: String

    package init(book: RegisterBook, number: String) {
        self.book = book
        self.number = number
    }

    package var description: String { "\(book.rawValue) \(number)" }
}
