package import RPC

/// How many records one reply carries.
package enum Paging {
    /// The number of records that a request for a page gets.
    ///
    /// Throws `InvalidInput` outside 1 to `most`.
    package static func limit(_ limit: Int, most: Int) throws(InvalidInput) -> Int {
        guard (1...max(most, 1)).contains(limit) else {
            throw InvalidInput("limit", "must be from 1 to \(most)")
        }
        return limit
    }
}
