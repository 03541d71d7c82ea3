internal import Synchronization

/// Something that the runtime takes long to tell about a type.
class TypeAnswer: @unchecked Sendable {  // neither this nor a subclass has anything that changes
    fileprivate let type: ObjectIdentifier

    init(about type: any Any.Type) { self.type = ObjectIdentifier(type) }
}

/// Answers about types, remembered.
///
/// An answer is kept for as long as the process, at the place that the type's address gives; where
/// two types share a place, there is none about the second.
struct TypeTable<Answer: TypeAnswer>: ~Copyable, Sendable {
    /// A place is written once, and what it then holds is never let go.
    private let places: InlineArray<1024, Atomic<Unmanaged<Answer>?>> = InlineArray { _ in
        Atomic(nil)
    }

    @inline(__always)
    private func place(_ type: ObjectIdentifier) -> Int {
        // Metadata lies at multiples of eight; types of one module lie close to each other.
        let address = UInt(bitPattern: type)
        return Int(truncatingIfNeeded: (address >> 3 ^ address >> 13) & 1023)
    }

    /// What is remembered about the type.
    @inline(__always)
    func answer(about type: any Any.Type) -> Unmanaged<Answer>? {
        let type = ObjectIdentifier(type)
        guard let answer = places[place(type)].load(ordering: .acquiring),
            answer._withUnsafeGuaranteedRef({ $0.type == type })
        else { return nil }
        return answer
    }

    func remember(_ answer: Answer) {
        let new = Unmanaged.passRetained(answer)
        let (isFirst, _) = places[place(answer.type)].compareExchange(
            expected: nil, desired: new, ordering: .acquiringAndReleasing)
        if !isFirst { new.release() }
    }
}
