internal import Hosting
internal import RPC
internal import RegistryAPI
internal import RegistryRules
internal import Storage
internal import Vocabulary

extension RegistryService {
    @Sendable func revoke(
        _ call: RevokeCertificate, _ context: CallContext
    ) async throws -> CertificateRevocation {
        let revocation = try await records.perform(call, context) { transaction in
            let revocation = try CertificateRules.revoke(
                call,
                facts: RevocationFacts(
                    known: transaction.revocations(for: call), caller: context.identity,
                    now: context.now))
            try transaction.put(
                revocation, verb: "revoked", by: context.identity.description, at: context.now)
            return revocation
        }
        // On the disk first: what is obeyed must be known after a restart too.
        if let revoked = revocation.revoked { revocations.insert(revoked) }
        return revocation
    }

    @Sendable func list(
        _ call: ListRevokedCertificates, _ context: CallContext
    ) async throws -> ListRevokedCertificates.Reply {
        try await records.look(call, context) { snapshot in
            ListRevokedCertificates.Reply(
                revocations: CertificateRules.list(call, of: try snapshot.revocations()))
        }
    }
}
