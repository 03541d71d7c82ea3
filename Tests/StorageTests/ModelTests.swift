import Foundation
import Storage
import TestKit
import Testing
import Vocabulary

/// The same random numbers for the same seed (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

@Suite("A store under random operations", .timeLimit(.minutes(2)))
struct ModelTests {
    /// What the store should hold.
    private struct Model {
        var notes: [UUID: Note] = [:]
        var answers: [WriteKey: [UInt8]] = [:]
        var position: Int64 = 0
    }

    @Test("holds what a dictionary holds, also after each start", arguments: 1...8)
    func random(seed: UInt64) async throws {
        var dice = SplitMix(state: seed)
        let directory = try TemporaryDirectory()
        var model = Model()
        var store = try Note.store(in: directory)
        for step in 0..<250 {
            switch Int.random(in: 0..<100, using: &dice) {
            case 0..<50: try await put(store, &model, &dice, step)
            case 50..<65: try await refuse(store, model, &dice)
            case 65..<90: try await once(store, &model, &dice, step)
            case 90..<94: try await store.rebuild()
            default:
                store.close()
                store = try Note.store(in: directory)
            }
            #expect(store.position == model.position, "seed \(seed), step \(step)")
            if step % 10 == 0 { try await compare(store, model, "seed \(seed), step \(step)") }
        }
        try await compare(store, model, "seed \(seed)")
        let report = try await store.verifyChain()
        #expect(report == ChainReport(entries: model.position, brokenAt: nil))
        store.close()
    }

    private func note(_ model: Model, _ dice: inout SplitMix, _ step: Int) -> Note {
        let known = model.notes.keys.sorted { $0.uuidString < $1.uuidString }
        let isNew = known.isEmpty || Bool.random(using: &dice)
        let (high, low) = (dice.next(), dice.next())
        let fresh = withUnsafeBytes(of: (high, low)) {
            UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
        }
        let id = isNew ? fresh : known[Int.random(in: 0..<known.count, using: &dice)]
        // Few titles, so that some contradict the unique index.
        let title = "title \(Int.random(in: 0..<40, using: &dice))"
        return Note(title, "step \(step)", id: id)
    }

    private func clashes(_ note: Note, _ model: Model) -> Bool {
        model.notes.values.contains { $0.title == note.title && $0.id != note.id }
    }

    private func put(
        _ store: Store, _ model: inout Model, _ dice: inout SplitMix, _ step: Int
    ) async throws {
        let note = note(model, &dice, step)
        if clashes(note, model) {
            await #expect(throws: StorageError.self) { try await store.put(note) }
        } else {
            #expect(try await store.put(note).position == model.position + 1)
            model.notes[note.id] = note
            model.position += 1
        }
    }

    private func refuse(_ store: Store, _ model: Model, _ dice: inout SplitMix) async throws {
        let note = Note("refused \(dice.next())")
        await #expect(throws: Refusal.self) {
            try await store.write { transaction in
                try transaction.put(note, verb: "written", by: "t", at: now)
                throw Refusal()
            }
        }
    }

    private func once(
        _ store: Store, _ model: inout Model, _ dice: inout SplitMix, _ step: Int
    ) async throws {
        let known = model.answers.sorted { $0.key.digest.lexicographicallyPrecedes($1.key.digest) }
        if !known.isEmpty, Bool.random(using: &dice) {
            let (key, answer) = known[Int.random(in: 0..<known.count, using: &dice)]
            let again = try await store.write(once: key, at: now) { _ in [0] }
            #expect(again.value == answer)
            #expect(again.repeated)
            return
        }
        let note = note(model, &dice, step)
        guard !clashes(note, model) else { return }
        let digest = [UInt8(step >> 8), UInt8(step & 0xff)]
        let key = WriteKey(key: .random(at: now), caller: "c", method: "m", digest: digest)
        let committed = try await store.write(once: key, at: now) { transaction in
            try transaction.put(note, verb: "written", by: "t", at: now)
            return digest
        }
        #expect(!committed.repeated)
        model.answers[key] = digest
        model.notes[note.id] = note
        model.position += 1
    }

    private func compare(_ store: Store, _ model: Model, _ place: String) async throws {
        let notes = try await store.read { try $0.all(Note.self) }
        #expect(Set(notes) == Set(model.notes.values), "\(place)")
        try await store.verifyTables()
    }
}
