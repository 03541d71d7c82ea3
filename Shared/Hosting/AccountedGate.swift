internal import RPC
internal import Synchronization
internal import Vocabulary

/// Refuses whoever a method does not name, and notes it in the journal where it is about people.
///
/// The refusal itself says nothing of the request, which is read only for the note. So that nobody
/// fills the disk by being refused, each caller has so many notes a minute; beyond them the call
/// is refused as too many.
final class AccountedGate: Interceptor {
    private static let notesPerMinute = 120

    private struct Window {
        var minute: Int64
        var notes: Int
    }

    private let gate = AccessGate()
    private let records: Records
    private let windows = Mutex<[Identity: Window]>([:])

    init(_ records: Records) { self.records = records }

    func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance {
        do throws(RPCFailure) {
            return try gate.admit(call)
        } catch {
            guard call.declaration.section.isPersonal, case .person = call.identity else {
                throw error
            }
            guard mayNote(call) else {
                throw RPCFailure(
                    LimitReached(
                        "refused calls within a minute", limit: Self.notesPerMinute,
                        value: Self.notesPerMinute + 1), retry: .later)
            }
            let (failure, records) = (error, records)
            return .after { () throws(RPCFailure) in
                try await records.note(denied: call)
                throw failure
            }
        }
    }

    private func mayNote(_ call: ServerCall) -> Bool {
        let minute = call.context.now.microseconds / 60_000_000
        return windows.withLock { windows in
            if windows.count > 1000 { windows = windows.filter { $0.value.minute == minute } }
            var window = windows[call.identity] ?? Window(minute: minute, notes: 0)
            if window.minute != minute { window = Window(minute: minute, notes: 0) }
            window.notes += 1
            windows[call.identity] = window
            return window.notes <= Self.notesPerMinute
        }
    }
}
