import Authority
import Foundation
import RPC
import TLSTransport
import TestKit
import Testing
import Vocabulary

@Suite("A bad certificate", .timeLimit(.minutes(1)))
struct CertificateTests {
    private static let counselor = TestCertificates.request(TestCertificates.person(.counselor))
    private static let registry = TestCertificates.request(TestCertificates.service(.registry))

    /// One way in which a certificate is bad, and words of the error it must give.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: String
        var change: @Sendable (inout CertificateRequest) -> Void
    }

    static let callerFaults: [Fault] = [
        Fault(testDescription: "that has expired", words: "it has expired") {
            $0.notAfter = Date(timeIntervalSinceNow: -60)
        },
        Fault(testDescription: "that is not valid yet", words: "refused this certificate") {
            $0.notBefore = Date(timeIntervalSinceNow: 1800)
        },
        Fault(testDescription: "without a URI", words: "refused the identity") { $0.uris = [] },
        Fault(testDescription: "with two URIs", words: "refused the identity") {
            $0.uris.append("spiffe://pulih.test/service/clinical")
        },
        Fault(testDescription: "of another trust domain", words: "refused the identity") {
            $0.uris = ["spiffe://other.test/service/clinical"]
        },
        Fault(testDescription: "made for servers only", words: "refused this certificate") {
            $0.forClients = false
        },
    ]

    static let serviceFaults: [Fault] = [
        Fault(testDescription: "that has expired", words: "has expired") {
            $0.notAfter = Date(timeIntervalSinceNow: -60)
        },
        Fault(testDescription: "that is not valid yet", words: "not valid yet") {
            $0.notBefore = Date(timeIntervalSinceNow: 1800)
        },
        Fault(testDescription: "for another host", words: "not for the host") {
            $0.hosts = ["elsewhere.test"]
        },
        Fault(testDescription: "with two URIs", words: "exactly one") {
            $0.uris.append("spiffe://pulih.test/service/clinical")
        },
        Fault(testDescription: "of another service", words: "not the service registry") {
            $0.uris = ["spiffe://pulih.test/service/clinical"]
        },
        Fault(testDescription: "made for clients only", words: "not made for this side") {
            $0.forServers = false
        },
    ]

    /// A certificate that its own side refuses to load is written by another route in the tests
    /// of the service; here the own identity is not read before the peer has seen it.
    @Test("of a caller is refused, and the caller is told why", arguments: callerFaults)
    func ofCaller(fault: Fault) async throws {
        let exchange = try await Exchange()
        var request = Self.counselor
        fault.change(&request)
        let files = try Exchange.files(exchange.certificates, request)
        let context = try TLSContext(role: .caller, files: files, claiming: TestCertificates.domain)
        let client = TLSClient(
            ServiceAddress(host: "127.0.0.1", port: exchange.listener.port), peer: .registry,
            context: context, agent: "test")
        try await expectRefusal(by: client, fault)
    }

    @Test("of a service is refused by the caller", arguments: serviceFaults)
    func ofService(fault: Fault) async throws {
        var request = Self.registry
        fault.change(&request)
        let exchange = try await Exchange(serving: request)
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await exchange.caller().call(Echo(text: "hello"))
        }
        #expect(error?.failure.code == .unauthenticated)
        #expect(error?.failure.message.contains(fault.words) == true, "\(error?.description ?? "")")
    }

    @Test("from another authority is refused on both sides")
    func otherAuthority() async throws {
        let exchange = try await Exchange()
        let stranger = try TestCertificates()
        let caller = try exchange.caller(from: stranger)
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(Echo(text: "hello"))
        }
        #expect(error?.failure.code == .unauthenticated)
        #expect(error?.failure.message.contains("does not trust the authority") == true)
    }

    @Test("whose key belongs to another is found before anything listens")
    func wrongKey() throws {
        let certificates = try TestCertificates()
        let one = try certificates.issue(Self.registry)
        let other = try certificates.issue(Self.registry)
        let files = TLSFiles(
            certificate: one.certificate, key: other.key,
            authorities: certificates.authorityFile)
        #expect(throws: TLSFailure.self) { try TLSContext(role: .service, files: files) }
    }

    private func expectRefusal(by client: TLSClient, _ fault: Fault) async throws {
        let caller = Caller(client, retries: .none) { .random(at: Timestamp(microseconds: 0)) }
        let error = await #expect(throws: CallError<NoRefusal>.self) {
            try await caller.call(Echo(text: "hello"))
        }
        #expect(error?.failure.code == .unauthenticated)
        #expect(error?.failure.message.contains(fault.words) == true, "\(error?.description ?? "")")
    }
}
