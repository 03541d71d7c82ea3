import EchoAPI
import Shared

/// Makes one call after the other, chosen by a seed, and checks every answer.
struct SoakWorker {
    private let caller: Caller
    private let cuts: SoakPace
    private let tally: SoakTally
    private var random: SoakRandom
    /// Different for every call of the run, so that an answer to another call shows.
    private var next: Int64
    private var blob = [UInt8](repeating: 0, count: 1 << 20)

    init(_ number: Int, seed: UInt64, client: TLSClient, cuts: SoakPace, tally: SoakTally) {
        caller = Caller(client, retries: .none) { .random(at: SystemClock.now()) }
        self.cuts = cuts
        self.tally = tally
        random = SoakRandom(seed: seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15)
        next = Int64(number) << 40
        for index in blob.indices { blob[index] = UInt8(truncatingIfNeeded: index &* 31 &+ number) }
    }

    private enum Kind: String {
        case echo
        case blob
        case stream
    }

    /// Makes one call of the mix.
    mutating func call() async {
        let roll = Int.random(in: 0..<1000, using: &random)
        let kind: Kind = roll % 50 == 0 ? .blob : roll % 12 == 0 ? .stream : .echo
        switch roll {
        case 900..<925 where cuts.take(): await leaveEarly()
        case 925..<960 where cuts.take(): await cancel(kind)
        case 960... where cuts.take():
            // From less than a round trip to more than most calls take.
            let time = Duration.microseconds(1 << Int.random(in: 4...14, using: &random))
            await make(kind, CallOptions(timeout: time), cut: .deadline)
        default: await make(kind, CallOptions(), cut: nil)
        }
    }

    private mutating func make(_ kind: Kind, _ options: CallOptions, cut: SoakCut?) async {
        next += 1
        let call = SoakCall(caller: caller, options: options)
        do throws(RPCFailure) {
            let right: Bool
            var messages = 1
            switch kind {
            case .echo: right = try await call.echo(next)
            case .blob:
                for shift in 0..<8 {
                    blob[shift] = UInt8(truncatingIfNeeded: next >> (8 * Int64(shift)))
                }
                right = try await call.blob(blob)
            case .stream:
                messages = length()
                right = try await call.stream(messages)
            }
            right ? tally.answered(messages) : tally.wrongAnswer()
        } catch {
            tally.failed(error, kind.rawValue, cut: cut)
        }
    }

    /// A length of 0 to 4,095; as many short ones as long ones.
    private mutating func length() -> Int {
        Int.random(in: 0..<(1 << Int.random(in: 0...12, using: &random)), using: &random)
    }

    private mutating func leaveEarly() async {
        let taken = length() / 4
        let call = SoakCall(caller: caller, options: CallOptions())
        do throws(RPCFailure) {
            // There is always more than is taken, so that something is left.
            let right = try await call.stream(taken * 4 + 100, taking: taken)
            right ? tally.leftEarly() : tally.wrongAnswer()
        } catch {
            tally.failed(error, "a stream left early", cut: nil)
        }
    }

    private mutating func cancel(_ kind: Kind) async {
        let pause = Duration.microseconds(Int.random(in: 0...3000, using: &random))
        let worker = self
        await withTaskGroup { group in
            group.addTask {
                var worker = worker
                await worker.make(kind, CallOptions(), cut: .cancel)
            }
            try? await Task.sleep(for: pause)
            group.cancelAll()
        }
        // What the copy drew and counted must not come again.
        next += 1
        _ = random.next()
    }
}

/// One call of the echo, checked.
struct SoakCall {
    let caller: Caller
    let options: CallOptions

    func echo(_ number: Int64) async throws(RPCFailure) -> Bool {
        let message = EchoMessage.sample(number)
        return try await reply(message) == message
    }

    func blob(_ bytes: [UInt8]) async throws(RPCFailure) -> Bool {
        try await reply(EchoBlob(bytes: bytes)).bytes == bytes
    }

    /// Takes all messages, or the first few of them.
    func stream(_ count: Int, taking: Int? = nil) async throws(RPCFailure) -> Bool {
        var number = 0
        let stream = try await caller.stream(SendMessages(count: count), options: options)
        var messages = stream.makeAsyncIterator()
        while number != taking, let message = try await messages.next() {
            guard message == .sample(Int64(number)) else { return false }
            number += 1
        }
        return number == taking ?? count
    }

    private func reply<Method: RPCMethod>(
        _ request: Method
    ) async throws(RPCFailure) -> Method.Reply {
        do throws(CallError<Method.Refusal>) {
            return try await caller.call(request, options: options)
        } catch {
            throw error.failure
        }
    }
}

/// SplitMix64: the same numbers from the same seed everywhere.
struct SoakRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
