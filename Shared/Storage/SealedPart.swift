package import Vocabulary

/// Fields of a record that are sealed on the disk under the key of one section, and what stands in
/// their place once that key is destroyed.
///
/// A field is named as it is encoded, on the record's first level, and sealed as a whole. What no
/// part names, the columns and the rows of side tables lie on the disk as they are.
package struct SealedPart: Sendable {
    /// What becomes of a field whose key is destroyed; a field that was absent stays so.
    package enum Erased: Sendable {
        /// It is absent; for a field that may be.
        case absent
        case value(any Encodable & Sendable)
    }

    let section: Section
    let fields: Set<String>
    /// Nil where the record says nothing without these fields, and so is not found any more.
    let erased: [String: Erased]?

    /// Names fields of a record that is still read after its key is destroyed.
    package init(_ section: Section, _ fields: [String: Erased]) {
        self.section = section
        self.fields = Set(fields.keys)
        erased = fields
    }

    /// Names fields without which the record is no longer found.
    package init(_ section: Section, wholeWith fields: Set<String>) {
        self.section = section
        self.fields = fields
        erased = nil
    }

    /// What stands for fields in a record where they are destroyed.
    package static let erasedText = "erased"
}

extension SealedPart.Erased {
    /// Says in a text that something stood here.
    package static let text = Self.value(SealedPart.erasedText)
}
