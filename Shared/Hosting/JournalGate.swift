internal import RPC
internal import Vocabulary

/// Lets nothing but health, witnesses and what says nothing of people pass while the journal may be another one
/// than was written: before the witnesses have been asked at the start, and after an alarm.
///
/// So three services that start together answer each other as witnesses at once, and nobody is
/// shown invented records.
final class JournalGate: Interceptor {
    private let state: HostState
    private let harmless: Set<MethodName> = [
        CheckHealth.name, DescribeService.name, ReadMetrics.name, DepositHead.name, AskWitness.name,
        VerifyJournal.name,
    ]

    init(_ state: HostState) { self.state = state }

    func admit(_ call: ServerCall) throws(RPCFailure) -> Admittance {
        switch state.gate {
        case .open: return .now
        case _ where harmless.contains(call.declaration.name): return .now
        case .starting:
            throw RPCFailure(
                .unavailable, "the service is starting: it asks the witnesses of its journal",
                outcome: .notProcessed, retry: .later)
        case .closed:
            throw RPCFailure(
                .failedPrecondition,
                "the service answers nothing until somebody has looked: its journal or its tables "
                    + "are not what was written; `pulih health` says what was found",
                outcome: .notProcessed, retry: .never, rule: "journal-alarm")
        }
    }
}
