internal import Logging
internal import RPC
package import Storage
internal import TLSTransport

/// A service that takes calls: it runs its followers, and drains when it is told to stop.
package struct HostedRun: Sendable {
    package let store: Store
    let listener: TLSListener
    /// What stands against the service; health shows it.
    package let state: HostState
    let followers: [FeedFollower]
    let clients: [TLSClient]
    let certificates: CertificateWatch
    let refused: RefusedCertificates
    let witnesses: Witnesses
    let watch: JournalWatch
    let encryptionKey: EncryptionKeyWatch
    let grace: Duration
    let logger: Logger

    /// The port it listens on.
    package var port: Int { listener.port }

    /// Reads the files of certificate and encryption key anew, now: somebody says that they are
    /// complete.
    package func reload() async {
        encryptionKey.look()
        await certificates.look(insisting: true)
    }

    private enum Ended {
        case following
        case stopped
    }

    /// Serves until `stop` returns; then open calls finish, new ones are refused, and the store
    /// closes.
    ///
    /// The journal is looked over and witnessed meanwhile; where it is found altered the service
    /// answers nothing but health and witnesses, because what it answers may be invented.
    package func serve(until stop: @escaping @Sendable () async -> Void) async throws {
        defer { store.close() }
        defer { certificates.identity.revocations.watch(nil) }
        let result = await Result { try await run(until: stop) }
        state.stop()
        // Followers of this service would hold their calls open for ever.
        store.endPositions()
        await listener.drain(within: grace)
        await refused.write(isLast: true)
        await witnesses.end()
        for client in clients { client.close() }
        if case .failure(let error) = result {
            logger.critical("stopped", metadata: ["reason": "\(error)"])
            throw error
        }
        logger.notice("stopped", metadata: ["position": "\(store.position)"])
    }

    private func run(until stop: @escaping @Sendable () async -> Void) async throws {
        try await withThrowingTaskGroup(of: Ended.self) { group in
            for follower in followers {
                group.addTask {
                    await follower.run()
                    return .following
                }
            }
            group.addTask {
                await certificates.run()
                return .following
            }
            group.addTask {
                await refused.run()
                return .following
            }
            group.addTask {
                await witnesses.run()
                return .following
            }
            group.addTask {
                await watch.run()
                return .following
            }
            group.addTask {
                await encryptionKey.run()
                return .following
            }
            group.addTask {
                await stop()
                return .stopped
            }
            defer { group.cancelAll() }
            while let ended = try await group.next(), ended != .stopped {}
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
