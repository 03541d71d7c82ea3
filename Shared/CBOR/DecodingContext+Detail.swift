extension DecodingError.Context {
    /// What was wrong, without the value: the standard library quotes a word that no case of an
    /// enumeration has, and it may be somebody's name in the wrong field.
    package var detail: String {
        let (beginning, middle) = ("Cannot initialize ", " from invalid ")
        guard debugDescription.hasPrefix(beginning),
            let end = debugDescription.firstRange(of: middle)?.lowerBound
        else { return debugDescription }
        let type = debugDescription[..<end].dropFirst(beginning.count)
        return "is not a \(type); `pulih rpc describe` shows which there are"
    }
}
