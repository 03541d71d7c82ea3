/// Takes fields out of an encoded map, and puts them back, without reading what they hold.
package enum CBORMaps {
    /// Some of the fields of a map.
    package struct Part: Hashable, Sendable {
        /// In the order of the map.
        package fileprivate(set) var names: [String] = []
        /// A map of these fields alone.
        package fileprivate(set) var map: [UInt8] = []
    }

    /// Divides the fields of a map among `count` parts.
    ///
    /// `part`: the number of the part that a field goes to, from 0, by the field's name.
    /// - Throws: ``CBORError`` where the bytes are not one map whose keys are texts.
    package static func divided(
        _ map: [UInt8], into count: Int, by part: (String) -> Int
    ) throws(CBORError) -> [Part] {
        try map.withUnsafeBufferPointer { (bytes) throws(CBORError) in
            let message = try WellFormedness.check(
                UnsafeRawBufferPointer(bytes), limits: .standard)
            var offset = 0
            let fields = try message.entries(.map, &offset, expected: "a map")
            var parts = Array(repeating: Part(), count: count)
            for _ in 0..<fields {
                let start = offset
                let name = try message.text(&offset)
                offset = message.end(of: offset)
                let number = part(name)
                parts[number].names.append(name)
                parts[number].map += bytes[start..<offset]
            }
            for number in parts.indices {
                let (count, fields) = (parts[number].names.count, parts[number].map)
                parts[number].map = head(count) + fields
            }
            return parts
        }
    }

    /// One map with the fields of several.
    ///
    /// - Throws: ``CBORError`` where one is not a map; what its fields are is not looked at.
    package static func merged(_ maps: [[UInt8]]) throws(CBORError) -> [UInt8] {
        var count = 0
        var fields: [UInt8] = []
        for map in maps {
            let (entries, length) = try Self.head(of: map)
            count += entries
            fields += map[length...]
        }
        return head(count) + fields
    }

    /// One map of encoded fields.
    package static func map(_ fields: [(name: String, value: [UInt8])]) -> [UInt8] {
        fields.reduce(into: head(fields.count)) { map, field in
            let name = Array(field.name.utf8)
            map += head(name.count, major: 0x60) + name + field.value
        }
    }

    /// How many entries a map has, and how many bytes say so.
    private static func head(of map: [UInt8]) throws(CBORError) -> (entries: Int, length: Int) {
        guard let first = map.first, first >> 5 == MajorType.map.rawValue else {
            throw CBORError(.typeMismatch, "a map is expected here")
        }
        let info = first & 0x1f
        guard info >= 24 else { return (Int(info), 1) }
        let width = info == 24 ? 1 : 2
        // No record has more fields than two bytes count.
        guard info <= 25, map.count > width else {
            throw CBORError(.typeMismatch, "a map of at most 65,535 fields is expected here")
        }
        return (map[1...width].reduce(0) { $0 << 8 | Int($1) }, 1 + width)
    }

    private static func head(_ argument: Int, major: UInt8 = 0xa0) -> [UInt8] {
        let argument = UInt64(argument)
        let info = MajorType.info(for: argument)
        let width = info < 24 ? 0 : 1 << Int(info - 24)
        let bytes = withUnsafeBytes(of: argument.bigEndian) { Array($0.suffix(width)) }
        return [major | info] + bytes
    }
}
