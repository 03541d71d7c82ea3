#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension Echo_EchoMessage {
    /// The one that is echoed; the values are those of `EchoMessage.sample` in Tests/Echo/API.
    package static func sample(_ id: Int64) -> Echo_EchoMessage {
        var message = Echo_EchoMessage()
        message.id = id
        message.session = session
        message.participant = "0199c6a0-1111-7222-8333-444455556666"
        message.facility = "rutan-kraksaan"
        message.program = "sosial-6"
        message.author = "spiffe://pulih.test/facility/rutan-kraksaan/role/counselor/siti"
        message.remark =
            "Came on time, took part in the group, and asked for a talk tomorrow morning."
        message.startedAt = 1_790_000_000.25
        message.endedAt = 1_790_003_600.5
        message.score = 71.4285
        message.minutes = 60
        message.isClosed = true
        message.answers = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
        return message
    }

    private static let session = Data([
        0x01, 0x99, 0xc6, 0xa0, 0x12, 0x34, 0x75, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45,
        0x67,
    ])
}
