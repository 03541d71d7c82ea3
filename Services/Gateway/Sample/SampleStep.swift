import Foundation
import Shared

/// One call of the sample program, and who makes it.
struct SampleStep: Sendable {
    /// Unique in the sample, such as `participant-07/register`.
    let name: String
    let chapter: SampleChapter
    /// Steps of one lane follow each other; those of different lanes may be made at once.
    let lane: String
    let by: SampleColleague
    /// Of the seed and the name, so that loading again has no second effect.
    let key: IdempotencyKey
    let request: any RPCMethod

    var method: MethodName { type(of: request).name }

    /// The service that answers the call, which its name begins with.
    var service: ServiceName? {
        method.text.split(separator: ".").first.flatMap { ServiceName(rawValue: String($0)) }
    }

    /// Makes the call, and returns the journal position that it made.
    func send(by caller: Caller, within timeout: Duration) async throws(RPCFailure) -> Int64? {
        try await Self.send(request, CallOptions(timeout: timeout, key: key), by: caller)
    }

    private static func send<Method: RPCMethod>(
        _ request: Method, _ options: CallOptions, by caller: Caller
    ) async throws(RPCFailure) -> Int64? {
        do throws(CallError<Method.Refusal>) {
            return try await caller.answer(request, options: options).notes.position
        } catch {
            throw error.failure
        }
    }
}

/// A part of the sample; one begins when all services have heard of everything before.
///
/// The three services follow each other's feeds: a screening must have reached the registry
/// before it enrolls somebody, an enrollment the clinical service before a session is held.
enum SampleChapter: Int, CaseIterable, Comparable, Sendable {
    case foundations
    case intake
    case screening
    case consent
    case decree
    case admission
    case course
    case care
    case evaluation

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

extension SampleStep: Encodable {
    private enum CodingKeys: CodingKey {
        case step, chapter, service, method, by, key, request
    }

    /// As `pulih sample print` writes it.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .step)
        try container.encode("\(chapter)", forKey: .chapter)
        try container.encode(service, forKey: .service)
        try container.encode(method.text, forKey: .method)
        try container.encode(by.code, forKey: .by)
        try container.encode(key, forKey: .key)
        try container.encode(request, forKey: .request)
    }

    /// One line of JSON, always the same bytes for the same step.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
