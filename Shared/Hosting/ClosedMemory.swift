internal import CProcess
internal import Foundation

/// Keeps what is in a service's memory out of files and away from other programs: names, notes and
/// keys stand there in plain text.
enum ClosedMemory {
    /// Signals on which a crash ends a process, and on which Swift's runtime may print what it finds
    /// in registers and on the stack.
    private static let crashes = [
        SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP,
    ]

    /// Closes this process: a crash writes no core and prints nothing of what it had in memory, and
    /// no debugger of the same user can attach.
    ///
    /// - Throws: ``ConfigurationProblem`` where the system does not let it.
    static func close() throws(ConfigurationProblem) {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw problem("its limit on core dumps")
        }
        // A limit of 0 holds for files alone: a program that takes cores by a pipe gets them all
        // the same, but not of a process that says this of itself.
        guard pulih_set_dumpable(0) == 0 else { throw problem("that its memory is its own") }
        for signal in crashes { Foundation.signal(signal, SIG_DFL) }
    }

    private static func problem(_ what: String) -> ConfigurationProblem {
        ConfigurationProblem(
            key: "the system",
            problem: "does not let the service set \(what): \(String(cString: strerror(errno)))")
    }
}
