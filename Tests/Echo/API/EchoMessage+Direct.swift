package import CBOR
private import FoundationEssentials

/// The message that is sent most says its fields itself; its bytes are those of Codable.
extension EchoMessage: CBORDirect {
    package func encode(to writer: inout CBORWriter) throws(CBORError) {
        try writer.map(keyedBy: CodingKeys.self) { (map) throws(CBORError) in
            try map.encode(id, forKey: .id)
            try map.encode(session, forKey: .session)
            try map.encode(participant, forKey: .participant)
            try map.encode(facility, forKey: .facility)
            try map.encode(program, forKey: .program)
            try map.encode(author, forKey: .author)
            try map.encode(remark, forKey: .remark)
            try map.encode(startedAt, forKey: .startedAt)
            try map.encode(endedAt, forKey: .endedAt)
            try map.encode(score, forKey: .score)
            try map.encode(minutes, forKey: .minutes)
            try map.encode(isClosed, forKey: .isClosed)
            try map.encode(answers, forKey: .answers)
        }
    }

    package init(from reader: inout CBORReader) throws(CBORError) {
        self = try reader.map(keyedBy: CodingKeys.self) { (map) throws(CBORError) in
            EchoMessage(
                id: try map.decode(Int64.self, forKey: .id),
                session: try map.decode(UUID.self, forKey: .session),
                participant: try map.decode(String.self, forKey: .participant),
                facility: try map.decode(String.self, forKey: .facility),
                program: try map.decode(String.self, forKey: .program),
                author: try map.decode(String.self, forKey: .author),
                remark: try map.decode(String.self, forKey: .remark),
                startedAt: try map.decode(Date.self, forKey: .startedAt),
                endedAt: try map.decode(Date.self, forKey: .endedAt),
                score: try map.decode(Double.self, forKey: .score),
                minutes: try map.decode(Int.self, forKey: .minutes),
                isClosed: try map.decode(Bool.self, forKey: .isClosed),
                answers: try map.decode([Int32].self, forKey: .answers))
        }
    }
}
