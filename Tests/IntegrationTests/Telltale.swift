import Foundation
import TLSTransport
import TestKit
import Vocabulary

/// A site where a service leaves all the traces that it may: it logs everything, it may dump core,
/// and Swift's runtime may print what it finds when it crashes.
struct Telltale<Base: Site>: Site {
    let base: Base
    /// Where services run, and where they put their temporary files and their cores.
    let directory: TemporaryDirectory

    init(_ base: Base) throws {
        self.base = base
        directory = try TemporaryDirectory()
    }

    func address(of service: ServiceName) -> ServiceAddress { base.address(of: service) }
    func names(of service: ServiceName) -> [String] { base.names(of: service) }

    func command(_ command: [String], on host: String) -> [String] {
        let isService = ServiceName(rawValue: host) != nil
        let logging = isService ? ["--set", "log.level=trace"] : []
        return [
            "/usr/bin/env", "TMPDIR=\(directory.path)",
            "SWIFT_BACKTRACE=enable=yes,interactive=no,color=no",
            "/bin/bash", "-c", #"ulimit -c hard; cd "$0"; exec "$@""#,
            directory.path,
        ] + base.command(command + logging, on: host)
    }

    func admit(_ directories: [String]) throws {
        try base.admit(directories + [directory.path])
    }
}
