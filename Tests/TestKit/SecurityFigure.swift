internal import Foundation

/// A figure that stands for a promise of security.
///
/// It is printed on a line of its own, which `Tests/Security/run` collects and holds against its
/// bound:
/// ```
/// security: certificates refused: 75 of 75 (all)
/// security: canaries found: 0 of 1000 (none)
/// security: a revoked person is cut off at clinical after: 0.012 s (at most 60 s)
/// ```
/// The test that prints it has checked it too; the command fails all the same where a figure is
/// missing or falls short, so that a test that was skipped does not count as a promise kept.
package enum SecurityFigure {
    /// Whether more is tried than on every change: `PULIH_SECURITY=full`, as the command sets it.
    package static let isFull = ProcessInfo.processInfo.environment["PULIH_SECURITY"] == "full"

    /// As many must be as there are.
    package static func all(_ name: String, _ value: Int, of total: Int) {
        tell(name, "\(value) of \(total)", "all")
    }

    /// There must be none among so many.
    package static func none(_ name: String, _ value: Int, of total: Int) {
        tell(name, "\(value) of \(total)", "none")
    }

    /// It may take no longer, in seconds.
    package static func atMost(_ name: String, _ value: Duration, _ bound: Duration) {
        let seconds = Double(value.components.seconds) + Double(value.components.attoseconds) / 1e18
        tell(name, String(format: "%.3f s", seconds), "at most \(bound.components.seconds) s")
    }

    /// It may be no more.
    package static func atMost(_ name: String, _ value: Double, _ bound: Double) {
        tell(name, "\(value)", "at most \(bound)")
    }

    /// It must be no less.
    package static func atLeast(_ name: String, _ value: Int, _ bound: Int) {
        tell(name, "\(value)", "at least \(bound)")
    }

    private static func tell(_ name: String, _ figure: String, _ bound: String) {
        print("security: \(name): \(figure) (\(bound))")
    }
}
