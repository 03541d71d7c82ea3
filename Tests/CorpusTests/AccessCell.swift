import CBOR
import NIOCore
import RPC
import Shared
import TestKit

@testable import Gateway

/// Where somebody works, as seen from the people of the recorded town.
enum Workplace: CaseIterable {
    /// Where the people are held.
    case ownFacility
    case otherFacility
    /// An institution that has an agreement with the facility.
    case partner
    case stranger

    var affiliation: Affiliation {
        switch self {
        case .ownFacility: SampleStaff.rutan
        case .otherFacility: Affiliation(kind: .facility, code: "rutan-situbondo")
        case .partner: SampleStaff.board
        case .stranger: Affiliation(kind: .institution, code: "bnnk-jember")
        }
    }

    var reachesThePeople: Bool { self == .ownFacility || self == .partner }
}

/// One method of one service, with what is sent to it.
struct AskedMethod {
    let type: any RPCDeclaration.Type
    let service: ServiceName
    /// A request as it was in the town, which names or concerns people there; nil of a method
    /// whose request says nothing of people.
    let request: CBORValue?

    /// Every method at every service that answers it.
    static func all(recorded calls: [RecordedCall]) throws -> [AskedMethod] {
        try allMethods.flatMap { type in
            let services =
                ServiceName(rawValue: String(type.name.text.prefix { $0 != "." })).map { [$0] }
                ?? ServiceName.allCases
            let recorded = try calls.filter { $0.method == type.name.text }
                .map { try CBORValue(Hex.buffer($0.request)) }
            let request =
                type.section.isPersonal
                ? recorded.first { !type.people(namedBy: $0).isEmpty } ?? recorded.first : nil
            return services.map { AskedMethod(type: type, service: $0, request: request) }
        }
    }

    /// The same request about people who do not exist.
    var aboutNobody: CBORValue? {
        guard let request else { return nil }
        let named = Set(type.people(namedBy: request))
        return named.isEmpty ? nil : request.replacing(named, by: Self.nobody)
    }

    private static let nobody = CBORValue.tagged(37, .bytes([UInt8](repeating: 0xa7, count: 16)))

    /// Whether who names nobody may get an answer that shows nobody.
    var mayShowNobody: Bool {
        request.map { type.people(namedBy: $0).isEmpty } ?? true
    }
}

extension RPCDeclaration {
    /// The ids of those whom a request names.
    fileprivate static func people(namedBy request: CBORValue) -> [CBORValue] {
        guard let call = try? CBORDecoder().decode(Self.self, from: request.bytes) else {
            return []
        }
        return call.namedPeople.compactMap { try? CBORValue(CBOREncoder().encode($0)) }
    }

    /// Whether a reply shows people; nil where it is a record that belongs to somebody.
    static func showsPeople(_ reply: ByteBuffer) -> Bool? {
        guard let method = self as? any RPCMethod.Type else { return nil }
        return method.showsPeopleInReply(reply)
    }
}

extension RPCMethod {
    fileprivate static func showsPeopleInReply(_ reply: ByteBuffer) -> Bool? {
        guard let list = try? CBORDecoder().decode(Reply.self, from: reply) as? any ShowsPeople
        else { return nil }
        return !list.people.isEmpty
    }
}

extension CBORValue {
    /// The same with one value in the place of others, wherever they are.
    fileprivate func replacing(_ old: Set<CBORValue>, by new: CBORValue) -> CBORValue {
        if old.contains(self) { return new }
        return switch self {
        case .array(let items): .array(items.map { $0.replacing(old, by: new) })
        case .map(let pairs):
            .map(
                pairs.map { CBORPair(key: $0.key, value: $0.value.replacing(old, by: new)) })
        default: self
        }
    }
}
