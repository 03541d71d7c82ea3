import CBOR
import ClinicalAPI
import EvaluationAPI
import Foundation
import RPC
import RegistryAPI
import Shared
import Testing

@testable import Gateway

/// Every method that anybody can call.
let allMethods: [any RPCDeclaration.Type] =
    RegistryMethods.all + ClinicalMethods.all + EvaluationMethods.all + SharedMethods.all

@Suite("The recorded calls of all versions", .timeLimit(.minutes(3)))
struct CorpusTests {
    /// `PULIH_RECORD_CORPUS=1 swift test --filter CorpusTests` records today's messages.
    static let isRecording = ProcessInfo.processInfo.environment["PULIH_RECORD_CORPUS"] == "1"

    /// The version whose folder today's messages go to; a patch changes no message.
    static let version = Release.version.split(separator: ".").prefix(2).joined(separator: ".")

    static let howToRecord = """
        run `PULIH_RECORD_CORPUS=1 swift test --filter CorpusTests`, which writes the folder of the \
        version in Release.version, and commit it; folders of versions that were released stay as \
        they are
        """

    /// Fields that today's types no longer have, as `METHOD PATH`, each with the reason.
    ///
    /// A field goes only where nobody needs it; what is listed here is no longer compared.
    static let droppedFields: Set<String> = []

    @Test("can be made of every method")
    func recording() async throws {
        let town = try RecordedTown()
        defer { town.close() }
        try await town.live()
        let calls = town.recorder.chosen()
        let missing = Set(allMethods.map { $0.name.text }).subtracting(calls.map(\.method))
        #expect(
            missing.isEmpty, "add a call of \(missing.sorted()) in RecordedTown+Life.swift or +Care"
        )
        if Self.isRecording { try CorpusFolder.write(calls, version: Self.version) }
    }

    @Test("have every method of today")
    func complete() throws {
        let recorded = Set(try CorpusFolder.calls().map(\.call.method))
        let missing = Set(allMethods.map { $0.name.text }).subtracting(recorded)
        #expect(missing.isEmpty, "\(missing.sorted()) are not recorded: \(Self.howToRecord)")
    }

    @Test("are still read, and lose nothing")
    func replayed() throws {
        var read = 0
        try replay { type, message, place in
            let again = try type.reencode(message.bytes)
            for path in message.losses(in: again)
            where !Self.droppedFields.contains("\(place.call.method) \(path)") {
                Issue.record("\(place): \(path) is read otherwise or lost")
            }
            read += 1
        }
        #expect(read > 2 * allMethods.count)
    }

    @Test("mean the same in another order, and with fields of a later version")
    func changed() throws {
        try replay { type, message, place in
            let expected = try type.reencode(message.bytes)
            let reversed = message.changingMaps { _, pairs in pairs.reversed() }
            #expect(try type.reencode(reversed.bytes) == expected, "\(place) in reverse order")
            let later = message.changingMaps { path, pairs in
                Self.isDictionary(path) ? pairs : [Self.unknownField] + pairs
            }
            #expect(try type.reencode(later.bytes) == expected, "\(place) with unknown fields")
        }
    }

    /// A field of a later version, with everything in it that a reader must pass over.
    private static let unknownField = CBORPair(
        key: .text("pulih-later"),
        value: .array([.map([CBORPair(key: .unsigned(1), value: .null)]), .tagged(99, .text("x"))]))

    /// Maps whose keys are data: the answers to a questionnaire, by item.
    private static func isDictionary(_ path: String) -> Bool { path.hasSuffix(".\"answers\"") }

    // MARK: - Replaying

    /// Gives each recorded message, and the bodies that feeds carry, with the type that reads it.
    private func replay(
        _ check: (any ReplayedMessage.Type, CBORValue, VersionedCall) throws -> Void
    ) throws {
        let byName = Dictionary(uniqueKeysWithValues: allMethods.map { ($0.name.text, $0) })
        for place in try CorpusFolder.calls() {
            guard let method = byName[place.call.method] else {
                // Methods go as they come; nobody of today answers this one.
                continue
            }
            let (request, reply) = Self.types(of: method)
            do {
                try check(request, CBORValue(Hex.buffer(place.call.request)), place)
                for text in place.call.replies {
                    let message = try CBORValue(Hex.buffer(text))
                    try check(reply, message, place)
                    guard let entry = FeedEntry(message) else { continue }
                    let type = try #require(FeedBodies.type(of: entry, in: place.call))
                    try check(type, CBORValue(entry.body), place)
                }
            } catch {
                Issue.record("\(place): \(error)")
            }
        }
    }

    private static func types(
        of method: any RPCDeclaration.Type
    ) -> (request: any ReplayedMessage.Type, reply: any ReplayedMessage.Type) {
        func unary<M: RPCMethod>(_ method: M.Type) -> (
            any ReplayedMessage.Type, any ReplayedMessage.Type
        ) { (Replayed<M>.self, Replayed<M.Reply>.self) }
        func stream<S: RPCStream>(_ method: S.Type) -> (
            any ReplayedMessage.Type, any ReplayedMessage.Type
        ) { (Replayed<S>.self, Replayed<S.Element>.self) }
        if let method = method as? any RPCMethod.Type { return unary(method) }
        if let method = method as? any RPCStream.Type { return stream(method) }
        return (Replayed<String>.self, Replayed<String>.self)
    }
}
