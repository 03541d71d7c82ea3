package import FoundationEssentials
package import RPC
package import Storage
internal import Vocabulary

extension RefusedCertificate: StoredRecord {
    package static let noun: StaticString = "refused_certificate"
    package static let columns: [StaticString] = ["last_at", "times"]
    package var key: UUID { id.uuid }
    package var subject: UUID? { nil }
    package var columnValues: [SQLValue] { [.time(lastAt), .number(count)] }

    /// Its table, in the store of every service.
    package static let migration = Migration(
        """
        CREATE TABLE refused_certificate (
            key BLOB NOT NULL PRIMARY KEY, last_at BIGINT NOT NULL, times BIGINT NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX refused_certificate_last_at ON refused_certificate (last_at);
        """)
}

extension Reading where Self: ~Copyable {
    /// How many connections were refused for their certificate since a time.
    func certificatesRefused(since start: Timestamp) throws -> Int {
        try rows(
            "SELECT COALESCE(SUM(times), 0) FROM refused_certificate WHERE last_at > ?",
            [.time(start)]
        ) { Int($0.integer(0)) }.first ?? 0
    }

    /// Those before one, the newest first.
    func refusedCertificates(
        before id: RefusedCertificateID?, limit: Int
    ) throws -> [RefusedCertificate] {
        try all(
            RefusedCertificate.self, where: "? = 1 OR key < ?", [.flag(id == nil), .id(id)],
            order: "key DESC", limit: limit)
    }
}
