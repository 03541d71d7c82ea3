internal import Logging
internal import RPC
internal import TLSTransport

/// Looks every few seconds whether the files of the own certificate have changed, and sees to it
/// that connections follow.
struct CertificateWatch: Sendable {
    let identity: TLSIdentity
    let listener: TLSListener
    let clients: [TLSClient]
    let state: HostState
    let logger: Logger
    /// What else stands against new files; nil where nothing does.
    let requirement: @Sendable () -> String?
    /// How many days before the certificate or its authority ends it is time to warn.
    let warnDays: Int

    private static let interval = Duration.seconds(5)

    /// Looks until it is cancelled.
    func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil { await look() }
    }

    /// Looks once; health and log then say what it has brought.
    ///
    /// `insisting`: somebody says that the files are new and complete.
    func look(insisting: Bool = false) async {
        switch await identity.refresh(insisting: insisting, requirement: requirement) {
        case .unchanged: break
        case .renewed(let serial):
            logger.notice("certificate files are read anew", metadata: ["serial": "\(serial)"])
            recheckPeers()
        case .refused(let reason):
            logger.warning(
                "new certificate files are not used; those of before are kept",
                metadata: ["reason": "\(reason)"])
        }
        judgeOwn()
    }

    /// Ends the connections whose other end is revoked, and judges the own certificate; at once, on
    /// whatever thread heard of it.
    func obeyRevocations() {
        recheckPeers()
        judgeOwn()
    }

    private func recheckPeers() {
        listener.recheckPeers()
        for client in clients { client.recheckPeer() }
    }

    private func judgeOwn() {
        // While the old certificate is good, bad new files keep nobody from calling.
        let problem = identity.service.context.problemWithOwnCertificate()
        if state.note(certificateProblem: problem), let problem {
            logger.error(
                "every peer refuses this service's certificate", metadata: ["reason": "\(problem)"])
        }
        let certificate = identity.service.context.ends.map { ends in
            CertificateState(
                validUntil: ends.own, authorityValidUntil: ends.authority, at: SystemClock.now(),
                warnDays: warnDays)
        }
        // Its words count the days, so it is said once a day.
        if state.note(certificate), let certificate, let warning = certificate.warning {
            logger.warning(
                "this service's certificate needs care",
                metadata: ["reason": "\(warning)", "until": "\(certificate.validUntil)"])
        }
    }
}
