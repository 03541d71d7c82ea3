internal import RPC
internal import Vocabulary

extension AccessPolicy.Refusal {
    /// How it looks to whoever asked for a section.
    func failure(of section: Section) -> RPCFailure {
        RPCFailure(
            status, text(for: section.rawValue), outcome: .notProcessed, retry: status.usualRetry,
            rule: rawValue)
    }

    private var status: StatusCode {
        switch self {
        case .copyTooOld: .unavailable
        case .tooManyPeople: .resourceExhausted
        default: .permissionDenied
        }
    }

    private func text(for section: String) -> String {
        switch self {
        case .purposeMissing:
            "reading \(section) records needs a purpose: --purpose TREAT, HOPERAT, …"
        case .purposeNotOfRole:
            "somebody in your role does not read \(section) records for that purpose"
        case .consentMissing:
            "the person has not agreed to this: no consent covers \(section)"
        case .consentLapsed:
            "the consent that covered \(section) has ended; a new one is needed"
        case .consentWithdrawn:
            "the person has taken back the consent to \(section)"
        case .emergencyNotOpen:
            "reading for ETREAT needs an emergency access of yours to this person: "
                + "pulih emergency open"
        case .copyTooOld:
            "what is known here of consents and revocations is too old to show "
                + "\(section) records: the registry has not been heard for long"
        case .tooManyPeople:
            "you have read the \(section) records of very many people within an "
                + "hour; this is noted, and goes on when the hour is over"
        case .legalRequestMissing:
            "no granted request of police, prosecutor or court covers \(section) "
                + "today; enter it in its register and have a head decide it"
        case .selfReportWalledOff:
            "before the verdict this is for the person's treatment alone: --purpose TREAT"
        case .restricted:
            "the person has had the reading of \(section) restricted; what remains is "
                + "an emergency, a granted legal request, or their own request"
        }
    }
}

extension Inquiry {
    /// The rule by which somebody is nobody for a caller.
    static let outOfReach = "out-of-reach"

    /// The same for who does not exist and who is out of the caller's reach.
    var nobody: RPCFailure {
        let noun = method.text.split(separator: ".").dropFirst().first ?? "record"
        return RPCFailure(
            .notFound,
            "there is no \(noun) by that id among the people whose records you may see; whoever "
                + "was registered a moment ago appears within seconds",
            rule: Self.outOfReach)
    }

    /// Whether an error says that a person or a record of one is not there, for this caller.
    static func meansNobody(_ error: any Error) -> Bool {
        error is OutOfReach || (error as? NotFound)?.isPersonal ?? false
    }
}

extension NotFound {
    /// Master data may be named: it is nobody's.
    fileprivate var isPersonal: Bool {
        !["facility", "institution", "agreement", "program", "staff", "instrument"].contains(noun)
    }
}
