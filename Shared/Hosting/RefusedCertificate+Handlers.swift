internal import RPC
internal import Storage
internal import Vocabulary

extension Records {
    var refusedCertificateHandlers: [Handler] {
        [
            .unary(ListRefusedCertificates.self) { call, context in
                let limit = call.limit ?? 100
                guard (1...ListRefusedCertificates.limitMaximum).contains(limit) else {
                    throw InvalidInput(
                        "limit", "must be 1 to \(ListRefusedCertificates.limitMaximum)")
                }
                return try await look(call, context) { snapshot in
                    let found = try snapshot.refusedCertificates(
                        before: call.before, limit: limit + 1)
                    let shown = found.prefix(limit)
                    return ListRefusedCertificates.Reply(
                        certificates: Array(shown),
                        next: found.count > limit ? shown.last?.id : nil)
                }
            }
        ]
    }
}
