package import FoundationEssentials

/// The message of the benchmarks: a dozen fields of the kinds that records have, about 300 bytes.
///
/// The same fields, with the same values, are declared for the peers in `Tests/Benchmarks`.
package struct EchoMessage: Codable, Hashable, Sendable {
    package var id: Int64
    package var session: UUID
    package var participant: String
    package var facility: String
    package var program: String
    package var author: String
    package var remark: String
    package var startedAt: Date
    package var endedAt: Date
    package var score: Double
    package var minutes: Int
    package var isClosed: Bool
    package var answers: [Int32]

    package enum CodingKeys: Int, CodingKey {
        case id = 1
        case session = 2
        case participant = 3
        case facility = 4
        case program = 5
        case author = 6
        case remark = 7
        case startedAt = 8
        case endedAt = 9
        case score = 10
        case minutes = 11
        case isClosed = 12
        case answers = 13
    }

    package init(
        id: Int64, session: UUID, participant: String, facility: String, program: String,
        author: String, remark: String, startedAt: Date, endedAt: Date, score: Double,
        minutes: Int, isClosed: Bool, answers: [Int32]
    ) {
        self.id = id
        self.session = session
        self.participant = participant
        self.facility = facility
        self.program = program
        self.author = author
        self.remark = remark
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.score = score
        self.minutes = minutes
        self.isClosed = isClosed
        self.answers = answers
    }

    /// The one that is echoed, with a number of its own so that a wrong answer shows.
    package static func sample(_ id: Int64) -> EchoMessage {
        EchoMessage(
            id: id,
            session: UUID(
                uuid: (
                    0x01, 0x99, 0xc6, 0xa0, 0x12, 0x34, 0x75, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01,
                    0x23, 0x45, 0x67
                )),
            participant: "0199c6a0-1111-7222-8333-444455556666", facility: "rutan-kraksaan",
            program: "sosial-6",
            author: "spiffe://pulih.test/facility/rutan-kraksaan/role/counselor/siti",
            remark: "Came on time, took part in the group, and asked for a talk tomorrow morning.",
            startedAt: Date(timeIntervalSince1970: 1_790_000_000.25),
            endedAt: Date(timeIntervalSince1970: 1_790_003_600.5), score: 71.4285,
            minutes: 60, isClosed: true, answers: [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    }
}
