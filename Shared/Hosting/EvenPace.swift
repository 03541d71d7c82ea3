/// Lets an answer leave at a whole number of steps after the call began, so that how long it took
/// tells nothing of what was looked at on the way.
struct EvenPace: Sendable {
    /// Zero where answers leave at once.
    let step: Duration
    private let began = ContinuousClock.now

    /// Begins now.
    init(step: Duration) { self.step = step }

    /// Waits for the next whole step.
    ///
    /// A call that is given up meanwhile waits no longer: nobody sees its answer.
    func wait() async {
        guard step > .zero else { return }
        let steps = (began.duration(to: .now) / step).rounded(.up)
        try? await Task.sleep(until: began + step * steps, tolerance: .zero, clock: .continuous)
    }
}
