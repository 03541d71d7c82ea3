internal import FoundationEssentials
internal import Vocabulary

// Answers of keyed calls are kept for their repeats, and they hold records.

extension Transaction {
    /// An answer as it is kept.
    func seal(_ answer: [UInt8], of key: WriteKey) throws -> [UInt8] {
        let seals = seals
        let dataKey = try seals.keys.key(of: .answers, beyond: seals.pending)
        let bound = bound(key, at: journal.head.position)
        return withUnsafeBytes(of: dataKey.number.bigEndian) { Array($0) }
            + (try seals.seal(answer, with: dataKey, bound))
    }

    /// The answer that was kept.
    ///
    /// - Throws: ``StorageError/answerErased`` where its key was destroyed with an erasure.
    func open(_ kept: [UInt8], of key: WriteKey, at position: Int64) throws -> [UInt8] {
        let number = kept.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let seals = seals
        guard !seals.pending.numbers.contains(number), let dataKey = seals.keys.key(number) else {
            throw StorageError.answerErased
        }
        let box = Array(kept.dropFirst(8))
        guard let answer = Seals.open(box, with: dataKey, bound(key, at: position)) else {
            throw seals.tampered(
                StoredPlace(noun: "answer", key: key.key.uuid, version: position))
        }
        return answer
    }

    /// A keyed fingerprint of a request: a plain one would confirm a guess at what was erased.
    func fingerprint(of key: WriteKey) -> [UInt8] {
        seals.keys.fingerprint(of: key.digest, use: "request")
    }

    private func bound(_ key: WriteKey, at position: Int64) -> [UInt8] {
        var bytes = Array("pulih-answer-1\n".utf8)
        for part in [Array(key.caller.utf8), Array(key.method.utf8), fingerprint(of: key)] {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { bytes += $0 }
            bytes += part
        }
        withUnsafeBytes(of: key.key.uuid.uuid) { bytes += $0 }
        withUnsafeBytes(of: position.bigEndian) { bytes += $0 }
        return bytes
    }
}
