private import Synchronization

/// Which types are ``CBORDirect``, remembered.
///
/// The runtime takes some hundred instructions to tell, and every message asks twice. An answer is
/// kept for as long as the process, at the place that the type's address gives; where two types
/// share a place, the second is asked about each time.
enum DirectTypes {
    private final class Answer: Sendable {
        let type: ObjectIdentifier
        let direct: (any CBORDirect.Type)?

        init(_ type: any Any.Type) {
            self.type = ObjectIdentifier(type)
            direct = type as? any CBORDirect.Type
        }
    }

    /// A place is written once, and what it then holds is never let go.
    private struct Places: ~Copyable, Sendable {
        let answers: InlineArray<1024, Atomic<Unmanaged<Answer>?>> = InlineArray { _ in Atomic(nil)
        }
    }

    private static let places = Places()

    /// The type as one that writes and reads itself; nil where it has only Codable.
    @inline(__always)
    static func direct(_ type: any Any.Type) -> (any CBORDirect.Type)? {
        // Metadata lies at multiples of eight; types of one module lie close to each other.
        let address = unsafeBitCast(type, to: UInt.self)
        let place = Int(truncatingIfNeeded: (address >> 3 ^ address >> 13) & 1023)
        if let answer = places.answers[place].load(ordering: .acquiring) {
            let isSame = answer._withUnsafeGuaranteedRef { $0.type == ObjectIdentifier(type) }
            if isSame { return answer._withUnsafeGuaranteedRef { $0.direct } }
        }
        return ask(type, for: place)
    }

    @inline(never)
    private static func ask(_ type: any Any.Type, for place: Int) -> (any CBORDirect.Type)? {
        let answer = Unmanaged.passRetained(Answer(type))
        let (isFirst, _) = places.answers[place].compareExchange(
            expected: nil, desired: answer, ordering: .acquiringAndReleasing)
        defer { if !isFirst { answer.release() } }
        return answer.takeUnretainedValue().direct
    }
}
