import CBOR
import ClinicalAPI
import EvaluationAPI
import Foundation
import NIOCore
import RPC
import RegistryAPI
import TLSTransport
import TestKit
import Vocabulary

/// Requests that are turned down: those of the recorded corpus with canaries in their texts, sent to
/// services that know nothing of whom they name, in all the ways in which a request can be wrong.
struct PlantedRequests {
    let town: Town
    let canaries: Canaries

    /// How a request is wrong.
    private enum Wrong: CaseIterable {
        /// It names somebody who does not exist.
        case nobody
        /// Who sends it may not.
        case role
        /// The service does not answer it.
        case service
        /// Its end is missing.
        case cutOff
        /// Days, codes and numbers are canaries too.
        case everyText
        /// It has a field whose name is a canary.
        case field
        /// A text stands where a record should.
        case notARecord
    }

    private struct Recorded: Decodable {
        struct Call: Decodable {
            let method: String
            let request: String
        }

        let calls: [Call]
    }

    private static let methods: [any RPCDeclaration.Type] =
        RegistryMethods.all + ClinicalMethods.all + EvaluationMethods.all + SharedMethods.all

    /// Sends requests until so many canaries are planted, and returns what was answered.
    func plant(upTo count: Int) async throws -> [RPCFailure] {
        let requests = try Self.corpus()
        var failures: [RPCFailure] = []
        var visitors: [ServiceName: [Role: TLSClient]] = [:]
        defer { for client in visitors.values.flatMap(\.values) { client.close() } }
        // A step that has no factor in common with either, so that all pairs come in time.
        var number = 0
        while canaries.planted < count {
            let (method, request) = requests[number * 37 % requests.count]
            let wrong = Wrong.allCases[number % Wrong.allCases.count]
            number += 1
            guard let message = message(request, wrong) else { continue }
            let named = ServiceName(rawValue: String(method.name.text.prefix { $0 != "." }))
            let home = named ?? .registry
            let service = wrong == .service ? (home == .clinical ? .evaluation : .clinical) : home
            let may = Role.allCases.first(where: method.access.roles.contains)
            let mayNot = Role.allCases.first { !method.access.roles.contains($0) }
            guard let role = wrong == .role ? mayNot : may ?? .administrator else { continue }
            let client = try visitors[service]?[role] ?? client(role, of: service)
            visitors[service, default: [:]][role] = client
            if let failure = await send(message, to: method, client, role) {
                failures.append(failure)
            }
        }
        return failures
    }

    /// The recorded requests, the methods in turn.
    private static func corpus() throws -> [(any RPCDeclaration.Type, CBORValue)] {
        let byName = Dictionary(uniqueKeysWithValues: methods.map { ($0.name.text, $0) })
        let folder = PulihCommand.root + "/Tests/CorpusTests/Corpus"
        return try CanarySearch.files(below: folder).sorted { $0.path < $1.path }
            .flatMap { try JSONDecoder().decode(Recorded.self, from: $0.content).calls }
            .compactMap { call in
                // What is nobody's, such as a facility's name, may stand anywhere.
                guard let method = byName[call.method], method.section.isPersonal,
                    !(method is any RPCStream.Type)
                else { return nil }
                return (method, try CBORValue(bytes(call.request)))
            }
    }

    private static func bytes(_ hexadecimal: String) -> ByteBuffer {
        let digits = Array(hexadecimal.utf8)
        return ByteBuffer(
            bytes: stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
            })
    }

    /// Nil where the request has no text to replace.
    private func message(_ request: CBORValue, _ wrong: Wrong) -> ByteBuffer? {
        let before = canaries.planted
        var body = planted(in: request, key: nil, everywhere: wrong == .everyText)
        switch wrong {
        case .field:
            guard case .map(let pairs) = body else { return nil }
            body = .map(
                pairs + [CBORPair(key: .text(canaries.text()), value: .text(canaries.text()))])
        case .notARecord: body = .text(canaries.text())
        default: break
        }
        guard canaries.planted > before, var message = try? CBOREncoder().encode(body) else {
            return nil
        }
        if wrong == .cutOff { message.moveWriterIndex(to: message.writerIndex - 1) }
        return message
    }

    private func planted(in value: CBORValue, key: String?, everywhere: Bool) -> CBORValue {
        switch value {
        case .text where key == "nik":
            return (try? canaries.nik()).map { .text($0.digits) } ?? value
        case .text(let text)
        where everywhere || text.contains(" ") || Self.texts.contains(key ?? ""):
            return .text(canaries.text())
        case .array(let items):
            return .array(items.map { planted(in: $0, key: key, everywhere: everywhere) })
        case .map(let pairs):
            return .map(
                pairs.map { pair in
                    var name: String?
                    if case .text(let text) = pair.key { name = text }
                    return CBORPair(
                        key: pair.key,
                        value: planted(in: pair.value, key: name, everywhere: everywhere))
                })
        default: return value
        }
    }

    /// Fields that hold what somebody wrote, however short.
    private static let texts: Set<String> = [
        "name", "aliases", "alias", "fatherName", "reason", "text", "note", "action", "source",
        "relation", "guardian", "nameContains", "destination", "findings", "exitReason",
    ]

    private func client(_ role: Role, of service: ServiceName) throws -> TLSClient {
        guard let running = town.services[service] else {
            throw ClusterProblem(description: "\(service) does not run")
        }
        let certificates = town.cluster.certificates
        let (certificate, key) = try certificates.issue(
            TestCertificates.request(TestCertificates.person(role, code: "visitor")))
        let files = TLSFiles(
            certificate: certificate, key: key, authorities: certificates.authorityFile)
        return TLSClient(
            ServiceAddress(host: "127.0.0.1", port: running.port), peer: service,
            context: try TLSContext(role: .caller, files: files), agent: "test")
    }

    private func send(
        _ message: ByteBuffer, to method: any RPCDeclaration.Type, _ client: TLSClient, _ role: Role
    ) async -> RPCFailure? {
        let call = OutboundCall(
            method: method.name, message: message,
            deadline: ContinuousClock.now.advanced(by: .seconds(20)),
            key: method.repeatability == .keyed ? .random(at: Timestamp(microseconds: 1)) : nil,
            purpose: role.usualPurpose, trace: .begin())
        do throws(RPCFailure) {
            _ = try await client.unary(call)
            return nil
        } catch {
            return error
        }
    }
}
