import RegistryAPI
import Shared
import TestKit

@testable import Gateway

// What the services notice of those who read too much and of strangers, and who looks at it.

extension RecordedTown {
    func superviseAccess() async throws {
        for service in ServiceName.allCases {
            try await reviewBulkReading(at: service)
            try await listRefusedCertificates(at: service)
            // With the notices of both.
            try await call(CheckHealth(), at: service, as: SampleStaff.administrator)
        }
    }

    private func reviewBulkReading(at service: ServiceName) async throws {
        let (head, day) = (SampleStaff.head, Self.now.adding(seconds: -7200))
        for number in [91, 92] as [UInt64] {
            let reading = BulkReading(
                id: id(number), by: TestCertificates.person(.counselor).description, people: 500,
                further: 24, sections: [.clinical, .counseling], purposes: [.treatment],
                firstAt: day, lastAt: day.adding(seconds: 61))
            try await keep(reading, at: service)
        }
        try await call(
            ReviewBulkReading(id: id(91), justified: true, remark: "audit tahunan"), at: service,
            as: head)
        try await call(ListBulkReadings(includingReviewed: true), at: service, as: head)
    }

    private func listRefusedCertificates(at service: ServiceName) async throws {
        let shown = ShownCertificate(
            subject: "/CN=siapa", uris: ["spiffe://pulih.test/service/gateway"],
            serial: try CertificateSerial("4F00A2"))
        let start = Self.now.adding(seconds: -90)
        let refused = [
            RefusedCertificate(
                id: id(93), reason: .noIdentity, certificate: shown, from: "192.0.2.7", count: 3,
                firstAt: start, lastAt: start.adding(seconds: 40)),
            RefusedCertificate(
                id: id(94), reason: nil, certificate: nil, from: nil, count: 210, firstAt: start,
                lastAt: start.adding(seconds: 59)),
        ]
        for record in refused { try await keep(record, at: service) }
        let first = try await call(
            ListRefusedCertificates(limit: 1), at: service, as: SampleStaff.administrator)
        try await call(
            ListRefusedCertificates(before: first.next), at: service,
            as: SampleStaff.administrator)
    }
}
