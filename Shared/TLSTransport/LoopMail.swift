internal import NIOCore
internal import Synchronization

/// Messages for something that lives on a loop, from any thread: it is woken once for many.
final class LoopMail<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var isScheduled = false
    }

    private let loop: any EventLoop
    private let state = Mutex(State())
    private let deliver: @Sendable ([Item]) -> Void

    /// `deliver`: called on the loop with everything that has come since, the oldest first.
    init(_ loop: any EventLoop, deliver: @escaping @Sendable ([Item]) -> Void) {
        self.loop = loop
        self.deliver = deliver
    }

    func post(_ item: Item) {
        let isFirst = state.withLock { state in
            state.items.append(item)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { loop.execute { self.deliver(self.take()) } }
    }

    private func take() -> [Item] {
        state.withLock { state in
            state.isScheduled = false
            defer { state.items = [] }
            return state.items
        }
    }
}
