/// Which types are ``CBORDirect``, remembered.
///
/// The runtime takes some hundred instructions to tell, and every message asks twice.
enum DirectTypes {
    private final class Answer: TypeAnswer, @unchecked Sendable {  // nothing in it changes
        let direct: (any CBORDirect.Type)?

        override init(about type: any Any.Type) {
            direct = type as? any CBORDirect.Type
            super.init(about: type)
        }
    }

    private static let answers = TypeTable<Answer>()

    /// The type as one that writes and reads itself; nil where it has only Codable.
    @inline(__always)
    static func direct(_ type: any Any.Type) -> (any CBORDirect.Type)? {
        guard let answer = answers.answer(about: type) else { return ask(type) }
        return answer._withUnsafeGuaranteedRef { $0.direct }
    }

    @inline(never)
    private static func ask(_ type: any Any.Type) -> (any CBORDirect.Type)? {
        let answer = Answer(about: type)
        answers.remember(answer)
        return answer.direct
    }
}
