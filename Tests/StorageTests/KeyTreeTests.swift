import Testing

@testable import Storage

@Suite("The tree of keys")
struct KeyTreeTests {
    private let root = (0..<32).map { UInt8($0) }

    @Test("gives the same key for a number again, and another for each other")
    func same() {
        let numbers: [UInt64] = [0, 1, 2, .max, .max - 1, 1 << 63, 12_345_678_901]
        let keys = numbers.compactMap { KeyTree(root: root).key($0) }
        #expect(Set(keys).count == numbers.count)
        #expect(keys == numbers.compactMap { KeyTree(root: root).key($0) })
        #expect(keys.allSatisfy { $0.count == KeyTree.seedLength })
    }

    @Test("loses the destroyed key for good, and no other")
    func destroyed() {
        var random = SystemRandomNumberGenerator()
        let whole = KeyTree(root: root)
        var tree = whole
        let gone = (0..<20).map { _ in random.next() }
        for number in gone { tree.destroy(number) }
        for number in gone {
            #expect(tree.key(number) == nil)
            // The nearest ones, too.
            #expect(tree.key(number ^ 1) == whole.key(number ^ 1))
            #expect(tree.key(number ^ 1 << 63) == whole.key(number ^ 1 << 63))
        }
        for _ in 0..<100 {
            let number = random.next()
            #expect(tree.key(number) == whole.key(number))
        }
        // What is kept gives none of them: no kept node lies on the way to one.
        for place in tree.seeds.keys {
            #expect(place.depth > 0)
            #expect(
                gone.allSatisfy {
                    $0 >> (64 - UInt64(place.depth)) != place.path || place.depth == 0
                })
        }
        let count = tree.seeds.count
        tree.destroy(gone[0])
        #expect(tree.seeds.count == count)
        #expect(count <= gone.count * 64)
    }

    @Test("is the same after it was written and read")
    func written() throws {
        var content = KeyFileContent(plainThrough: 5)
        content.tree.destroy(77)
        content.destroyedSinceChange = 1
        let read = try #require(KeyFileContent(content.bytes))
        #expect(read.id == content.id)
        #expect(read.lookUp == content.lookUp)
        #expect(read.plainThrough == 5)
        #expect(read.destroyedSinceChange == 1)
        #expect(read.tree.seeds == content.tree.seeds)
        #expect(KeyFileContent(Array(content.bytes.dropLast())) == nil)
    }
}
