internal import Glibc
internal import NIOPosix
package import RPC
internal import Synchronization

/// Where the context of the next connection comes from: it may be another than that of the last.
package protocol TLSContextSource: Sendable {
    var context: TLSContext { get }
}

extension TLSContext: TLSContextSource {
    package var context: TLSContext { self }
}

/// Who this side is on its connections, and whom it trusts: files that may be replaced at any time.
///
/// A context that connections share must not be changed, so new files make a new context. New
/// connections use it; those that are open keep the one they began with. Files that are bad, or
/// half replaced, change nothing.
package final class TLSIdentity: Sendable {
    /// What a look at the files has brought.
    package enum Refresh: Hashable, Sendable {
        /// Nothing that is news.
        case unchanged
        /// New connections use the new files; `serial` is the new certificate's, in hexadecimal.
        case renewed(serial: String)
        /// The new files are not used, and why. It is said once for each change.
        case refused(reason: String)
    }

    /// The identity at one end of connections.
    private struct End: TLSContextSource {
        let identity: TLSIdentity
        let role: TLSContext.Role

        var context: TLSContext {
            identity.contexts.withLock { role == .service ? $0.service : $0.caller }
        }
    }

    private struct Contexts: Sendable {
        let service: TLSContext
        let caller: TLSContext

        init(_ files: TLSFiles, _ revocations: RevocationBook) throws(TLSFailure) {
            service = try TLSContext(role: .service, files: files, revocations: revocations)
            caller = try TLSContext(role: .caller, files: files, revocations: revocations)
        }
    }

    /// What was seen of the files.
    private struct Look: Sendable {
        struct Refusal: Hashable {
            let stamps: [FileStamp?]
            let reason: String
        }

        /// As they were when the contexts in use were made.
        var used: [FileStamp?]
        /// What was wrong at the last look, and whether anybody was told.
        var refusal: Refusal?
        var isTold = false
    }

    package let files: TLSFiles
    /// What is refused though its authority is trusted; new files change nothing about it.
    package let revocations: RevocationBook
    private let contexts: Mutex<Contexts>
    /// Held while the files are read, which loops that take connections do not wait for.
    private let look: Mutex<Look>

    /// Reads the files.
    ///
    /// - Throws: ``TLSFailure/configuration(_:)`` naming the file that is wrong.
    package init(
        _ files: TLSFiles, revocations: RevocationBook = RevocationBook()
    ) throws(TLSFailure) {
        let stamps = FileStamp.of(files)
        self.files = files
        self.revocations = revocations
        contexts = Mutex(try Contexts(files, revocations))
        look = Mutex(Look(used: stamps))
    }

    /// For those who take connections.
    package var service: any TLSContextSource { End(identity: self, role: .service) }
    /// For those who make connections.
    package var caller: any TLSContextSource { End(identity: self, role: .caller) }

    /// Reads the files where they have changed, and uses them where they are good.
    ///
    /// Good is a certificate that its key fits, that peers with the same authorities would accept
    /// now, and that names the same holder as before. Files are seldom replaced all at the same
    /// moment: what is wrong at one look is only said when it still is so at the next.
    ///
    /// `insisting`: reads them even where they seem to be the same, and says at once what is wrong.
    /// `requirement`: what else stands against the new files; nil where nothing does.
    package func refresh(
        insisting: Bool = false, requirement: @escaping @Sendable () -> String? = { nil }
    ) async -> Refresh {
        let read = { @Sendable in self.refreshNow(insisting, requirement) }
        // The pool ends with the process alone.
        return (try? await NIOThreadPool.singleton.runIfActive(read)) ?? .unchanged
    }

    private func refreshNow(_ insisting: Bool, _ requirement: () -> String?) -> Refresh {
        look.withLock { look in
            let stamps = FileStamp.of(files)
            guard insisting || stamps != look.used else {
                look.refusal = nil
                return .unchanged
            }
            let reason: String
            do throws(TLSFailure) {
                let new = try Contexts(files, revocations)
                // Of files that change while they are read, each may be of another time.
                guard stamps == FileStamp.of(files) else { return .unchanged }
                guard let problem = requirement() ?? problem(with: new) else {
                    contexts.withLock { $0 = new }
                    look = Look(used: stamps)
                    return .renewed(serial: new.service.serial)
                }
                reason = problem
            } catch {
                reason = error.description
            }
            return refuse(Look.Refusal(stamps: stamps, reason: reason), insisting, &look)
        }
    }

    private func refuse(
        _ refusal: Look.Refusal, _ insisting: Bool, _ look: inout Look
    ) -> Refresh {
        let isSame = look.refusal == refusal
        if isSame, look.isTold, !insisting { return .unchanged }
        look.isTold = isSame || insisting
        look.refusal = refusal
        return look.isTold ? .refused(reason: refusal.reason) : .unchanged
    }

    private func problem(with new: Contexts) -> String? {
        let old = service.context
        guard new.service.identity == old.identity, new.service.domain == old.domain else {
            let names = [new.service, old].map { $0.identity.map { "\($0)" } ?? "nobody" }
            return "\(files.certificate) names \(names[0]); this is \(names[1]) until it is "
                + "started again"
        }
        return new.service.problemWithOwnCertificate().map {
            "every peer would refuse \(files.certificate): \($0)"
        }
    }
}

/// What tells that a file is not the one it was.
private struct FileStamp: Hashable, Sendable {
    let device: UInt
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    /// Nil where there is no such file.
    init?(_ path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        device = info.st_dev
        inode = info.st_ino
        size = info.st_size
        (seconds, nanoseconds) = (info.st_mtim.tv_sec, info.st_mtim.tv_nsec)
    }

    static func of(_ files: TLSFiles) -> [FileStamp?] {
        [files.certificate, files.key, files.authorities].map { FileStamp($0) }
    }
}
