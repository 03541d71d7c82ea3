internal import RPC
internal import Vocabulary

/// Counts the refused certificates of about a minute, in rows that a disk can bear.
///
/// A stranger decides how many are refused and what they say, so there are so many rows at most;
/// what finds none free is counted in one more.
struct RefusalTally {
    /// Rows that say which certificate was refused.
    static let rowsMaximum = 10
    /// How long a row counts, in seconds; longer where the journal takes none.
    static let window: Int64 = 60

    /// What is counted in one row.
    private enum Group: Hashable {
        case listed(ShownCertificate, RefusedCertificate.Reason, from: String)
        case rest
    }

    private struct Row {
        var refused: RefusedCertificate
        /// How many of it the journal has.
        var written = 0
    }

    private var rows: [Group: Row] = [:]
    private var startedAt: Timestamp?

    mutating func add(
        _ certificate: ShownCertificate, _ reason: RefusedCertificate.Reason, from: String,
        at now: Timestamp
    ) {
        var group = Group.listed(certificate, reason, from: from)
        let listed = rows.count - (rows[.rest] == nil ? 0 : 1)
        let isListed = rows[group] != nil || listed < Self.rowsMaximum
        if !isListed { group = .rest }
        if startedAt == nil { startedAt = now }
        guard rows[group] == nil else {
            rows[group]?.refused.count += 1
            rows[group]?.refused.lastAt = now
            return
        }
        rows[group] = Row(
            refused: RefusedCertificate(
                id: .random(at: now), reason: isListed ? reason : nil,
                certificate: isListed ? certificate : nil, from: isListed ? from : nil, count: 1,
                firstAt: now, lastAt: now))
    }

    /// What the journal should get now: each row when it begins, and once more with its count when
    /// its time is over; so at most 22 entries a minute.
    ///
    /// `isLast`: whether the service is stopping.
    func due(at now: Timestamp, isLast: Bool = false) -> [RefusedCertificate] {
        let isOver = isLast || isOver(at: now)
        return rows.values
            .filter { $0.written == 0 || isOver && $0.written < $0.refused.count }
            .map(\.refused).sorted { $0.id < $1.id }
    }

    /// Notes what the journal has got, and begins anew where the time is over.
    mutating func wrote(_ written: [RefusedCertificate], at now: Timestamp) {
        for refused in written {
            for (group, row) in rows where row.refused.id == refused.id {
                rows[group]?.written = refused.count
            }
        }
        guard isOver(at: now) else { return }
        // What came while the rest was written counts with what comes now.
        rows = rows.filter { $0.value.written < $0.value.refused.count }
        startedAt = rows.isEmpty ? nil : now
    }

    private func isOver(at now: Timestamp) -> Bool {
        startedAt.map { now.seconds(since: $0) >= Self.window } ?? false
    }
}
