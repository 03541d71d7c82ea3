/// The containers of a type of keys, remembered.
///
/// The runtime takes as long to find the type of one as a value takes for two of its fields.
enum MapTypes {
    private final class Answer<Key: CodingKey>: TypeAnswer,
        @unchecked Sendable  // nothing in it changes
    {
        let decoder: any MapDecoding<Key>.Type
        let encoder: any MapEncoding<Key>.Type

        init() {
            decoder = MapDecoder<Key>.self
            encoder = MapEncoder<Key>.self
            super.init(about: Key.self)
        }
    }

    private static let answers = TypeTable<TypeAnswer>()

    @inline(__always)
    private static func ask<Key: CodingKey, Container>(
        about type: Key.Type, _ read: (Answer<Key>) -> Container
    ) -> Container {
        guard let answer = answers.answer(about: type) else { return read(ask(type)) }
        // What is remembered about a type of keys can be nothing else.
        return answer._withUnsafeGuaranteedRef { read(unsafeDowncast($0, to: Answer<Key>.self)) }
    }

    @inline(never)
    private static func ask<Key: CodingKey>(_ type: Key.Type) -> Answer<Key> {
        let answer = Answer<Key>()
        answers.remember(answer)
        return answer
    }

    static func decoder<Key: CodingKey>(keyedBy type: Key.Type) -> any MapDecoding<Key>.Type {
        ask(about: type) { $0.decoder }
    }

    static func encoder<Key: CodingKey>(keyedBy type: Key.Type) -> any MapEncoding<Key>.Type {
        ask(about: type) { $0.encoder }
    }
}

/// A ``MapDecoder`` whose type has been found already.
protocol MapDecoding<Key>: KeyedDecodingContainerProtocol {
    init(map: ItemPlace)
}

extension MapDecoding {
    static func container(of map: ItemPlace) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Self(map: map))
    }
}

/// A ``MapEncoder`` whose type has been found already.
protocol MapEncoding<Key>: KeyedEncodingContainerProtocol {
    init(_ place: WriterPlace)
}

extension MapEncoding {
    static func container(at place: WriterPlace) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Self(place))
    }
}
