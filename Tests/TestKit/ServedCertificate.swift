internal import Foundation

/// Asks a listening service for its certificate as any TLS program would, and returns the
/// certificate's serial number in hexadecimal.
///
/// `authorities`: the file of those that must have issued it.
package func servedSerial(port: Int, trusting authorities: String) async throws -> String {
    let script = """
        import socket, ssl, sys
        context = ssl.create_default_context(cafile=sys.argv[2])
        context.set_alpn_protocols(["pulih/1"])
        raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
        secure = context.wrap_socket(raw, server_hostname="127.0.0.1")
        print(secure.getpeercert()["serialNumber"])
        """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", script, "\(port)", authorities]
    // A file, because a pipe may be inherited by what other tests start, and then never ends.
    let directory = try TemporaryDirectory()
    let output = try directory.write("serial", "")
    process.standardOutput = FileHandle(forWritingAtPath: output)
    // A blocked thread would keep other tests from running: there are as few as cores.
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in ended.resume() }
        do {
            try process.run()
        } catch {
            process.terminationHandler = nil
            ended.resume(throwing: error)
        }
    }
    return try String(contentsOfFile: output, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
}
