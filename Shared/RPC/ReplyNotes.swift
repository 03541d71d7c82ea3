package import CBOR

/// What a reply says beside its message.
package struct ReplyNotes: Codable, Hashable, Sendable {
    /// The position in the service's journal that the call made or saw.
    package var position: Int64?
    /// Microseconds between the request's arrival and the reply's departure.
    package var serverMicroseconds: Int64?
    /// How many of those the call waited for its turn; nil where it did not.
    package var queueMicroseconds: Int64?
    /// How many people the reply leaves out because they have not agreed; nil where nobody.
    package var withheld: Int64?
    /// How many pieces the reply leaves out because they were told before a verdict; nil where none.
    package var walledOff: Int64?

    private enum CodingKeys: Int, CodingKey {
        case position = 1
        case serverMicroseconds = 2
        case queueMicroseconds = 3
        case withheld = 4
        case walledOff = 5
    }

    package init(
        position: Int64? = nil, serverMicroseconds: Int64? = nil,
        queueMicroseconds: Int64? = nil, withheld: Int64? = nil, walledOff: Int64? = nil
    ) {
        self.position = position
        self.serverMicroseconds = serverMicroseconds
        self.queueMicroseconds = queueMicroseconds
        self.withheld = withheld
        self.walledOff = walledOff
    }
}

/// They go with every reply, so they say their fields themselves.
extension ReplyNotes: CBORDirect {
    package func encode(to writer: inout CBORWriter) throws(CBORError) {
        try writer.map(keyedBy: CodingKeys.self) { (map) throws(CBORError) in
            try map.encodeIfPresent(position, forKey: .position)
            try map.encodeIfPresent(serverMicroseconds, forKey: .serverMicroseconds)
            try map.encodeIfPresent(queueMicroseconds, forKey: .queueMicroseconds)
            try map.encodeIfPresent(withheld, forKey: .withheld)
            try map.encodeIfPresent(walledOff, forKey: .walledOff)
        }
    }

    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.map(keyedBy: CodingKeys.self) { (map) throws(CBORError) in
            ReplyNotes(
                position: try map.decodeIfPresent(Int64.self, forKey: .position),
                serverMicroseconds: try map.decodeIfPresent(
                    Int64.self, forKey: .serverMicroseconds),
                queueMicroseconds: try map.decodeIfPresent(
                    Int64.self, forKey: .queueMicroseconds),
                withheld: try map.decodeIfPresent(Int64.self, forKey: .withheld),
                walledOff: try map.decodeIfPresent(Int64.self, forKey: .walledOff))
        }
    }
}
