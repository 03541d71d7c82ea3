package import CBOR

/// A record as a later version might tell it: with words and fields that this one does not know.
///
/// `words`: what the fields of these names say instead, wherever they are; a list says it once.
package func inLaterWords(_ record: some Encodable, _ words: [String: String]) throws -> CBORValue {
    later(try CBORValue(CBOREncoder().encode(record)), words)
}

private func later(_ value: CBORValue, _ words: [String: String]) -> CBORValue {
    switch value {
    case .map(let pairs):
        let changed = pairs.map { pair -> CBORPair in
            guard case .text(let name) = pair.key, let word = words[name] else {
                return CBORPair(key: pair.key, value: later(pair.value, words))
            }
            if case .array = pair.value {
                return CBORPair(key: pair.key, value: .array([.text(word)]))
            }
            return CBORPair(key: pair.key, value: .text(word))
        }
        return .map(changed + [CBORPair(key: .text("pulih-later"), value: .unsigned(1))])
    case .array(let items): return .array(items.map { later($0, words) })
    default: return value
    }
}
