import Shared

/// The same call, whose reply is taken as it comes.
///
/// Who only shows a reply needs no type for it: fields and words of a later version are shown like
/// all others, where reading them into the types of this version would lose or refuse them.
struct AsItCame<Method: RPCMethod>: RPCMethod {
    static var name: MethodName { Method.name }
    static var access: Access { Method.access }
    static var section: Section { Method.section }
    static var repeatability: Repeatability { Method.repeatability }
    static var timeout: Duration { Method.timeout }
    typealias Reply = CBORValue
    typealias Refusal = Method.Refusal

    let request: Method

    init(_ request: Method) { self.request = request }

    init(from decoder: any Decoder) throws { request = try Method(from: decoder) }

    func encode(to encoder: any Encoder) throws { try request.encode(to: encoder) }
}
