internal import FoundationEssentials

/// The sealed head: a small file beside the store that says how far its journal had got, and how
/// often its tables had been sealed (``TablesSeal``).
///
/// The chain alone cannot show that its newest entries are gone. This file can: it holds a
/// position and the entry's hash under a seal that needs the journal's key. It is written only
/// for entries that are on the disk already, every few seconds and when the store closes, so
/// after a crash it lags behind the journal by that much and is never ahead of it.
///
/// Found at start, therefore: entries cut off the end, and an older or another copy of the
/// database put in this one's place, as soon as it lacks a sealed entry; a head file that is
/// altered, removed, or sealed with another key. Not found here: the loss of entries younger than
/// the last seal, and an older database put back together with its own older head file. The
/// witnesses of the journal find both as far as they were told (``Reading/witnessed()``), and so
/// does who follows this service's feed and had applied what is now missing. Tables of an earlier
/// moment at the same end of the journal, put back with the head file of that moment, are not found:
/// they can lack nothing but what feeds have brought and witnesses told since.
struct HeadFile: Sendable {
    private static let form = "pulih-head-2"
    /// Of a time when the tables were not sealed.
    private static let before = "pulih-head-1"

    private let directory: String
    private let name: String
    private let chain: JournalChain
    let path: String

    /// Names the file of the store `name` in `directory`.
    init(directory: String, name: String, chain: JournalChain) {
        self.directory = directory
        self.name = name
        self.chain = chain
        path = "\(directory)/\(name).head"
    }

    /// The sealed head; nil where there is no file.
    ///
    /// - Throws: ``StorageError/headUnreadable(path:)`` where the seal does not fit.
    func read() throws(StorageError) -> StoreMark? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .headUnreadable(path: path)
        }
        let fields = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let form = fields.first.map(String.init)
        guard fields.count == (form == Self.form ? 5 : 4), form == Self.form || form == Self.before,
            let position = Int64(fields[1]), let mac = Self.bytes(fields[2]),
            let seal = Self.bytes(fields[fields.count - 1])
        else { throw .headUnreadable(path: path) }
        let mark = StoreMark(
            head: JournalHead(position: position, mac: mac),
            seals: form == Self.form ? Int64(fields[3]) : nil)
        guard seal == chain.seal(mark, of: name) else { throw .headUnreadable(path: path) }
        return mark
    }

    /// Puts a mark in the old one's place, in one step, and waits until it is on the disk.
    func write(_ mark: StoreMark) throws(DurableFile.WriteFailure) {
        let line =
            "\(Self.form) \(mark.head.position) \(Self.hex(mark.head.mac)) \(mark.seals ?? 0) "
            + "\(Self.hex(chain.seal(mark, of: name)))\n"
        try DurableFile.replace("\(name).head", in: directory, with: Array(line.utf8))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let digits = text.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == 64, text.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
