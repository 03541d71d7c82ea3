import ArgumentParser
import RegistryAPI
import Shared

/// To whom a print is handed, by what right, and how much of it.
struct HandOutOptions: ParsableArguments {
    @Option(help: "Who gets the print; it is entered among the disclosures first.")
    var handOut: String?
    @Option(help: "The consent that names them.") var consent: String?
    @Option(
        help: "Which sections they get, with commas between; those of the consent if not given.",
        transform: Self.sections)
    var sections: Set<Section>?

    func validate() throws {
        guard (handOut == nil) == (consent == nil) else {
            throw ValidationError(
                "--hand-out and --consent go together: what leaves needs the person's consent; "
                    + "`pulih participant copy` is for the person, and `pulih legalrequest give` "
                    + "for police, prosecutor and court")
        }
        guard sections == nil || handOut != nil else {
            throw ValidationError("--sections goes with --hand-out: your role decides otherwise")
        }
    }

    private static func sections(_ text: String) throws -> Set<Section> {
        let personal = Section.allCases.filter(\.isPersonal)
        let named = try text.split(separator: ",").map { word in
            guard let section = personal.first(where: { $0.rawValue == word }) else {
                throw ValidationError(
                    "--sections takes some of "
                        + personal.map(\.rawValue).joined(separator: ",") + ", without spaces")
            }
            return section
        }
        guard !named.isEmpty else { throw ValidationError("--sections must name a section") }
        return Set(named)
    }

    /// What is to leave; nil where nothing does.
    ///
    /// It is what was chosen, or else what the consent covers; whether it covers it, the registry
    /// says when the disclosure is recorded.
    func leaving(
        of participant: ParticipantID, _ context: GatewayContext, _ target: TargetOptions
    ) async throws -> HandOut? {
        guard let handOut, let consent else { return nil }
        guard let id = ConsentID(text: consent) else {
            throw GatewayProblem("--consent must be the id of a consent")
        }
        var chosen = sections
        if chosen == nil {
            let list = try await context.call(ListConsents(participant: participant), target)
            chosen = list.consents.first { $0.id == id }.map(Self.covered)
        }
        // Of a consent that covers nothing all is asked for, and the registry says why not.
        if chosen?.isEmpty ?? true { chosen = Set(Section.allCases.filter(\.isPersonal)) }
        return HandOut(
            participant: participant, recipient: handOut, consent: id, sections: chosen ?? [])
    }

    /// What a consent covers and was not taken back.
    static func covered(by consent: Consent) -> Set<Section> {
        consent.revocations.reduce(Set(consent.scope.filter(\.isPersonal))) { covered, revocation in
            covered.subtracting(revocation.sections ?? consent.scope)
        }
    }
}

/// A dossier that is to leave.
struct HandOut {
    let participant: ParticipantID
    let recipient: String
    let consent: ConsentID
    /// What it may hold.
    let sections: Set<Section>

    /// Enters it among the disclosures.
    func record(_ context: GatewayContext, _ target: TargetOptions) async throws -> Disclosure {
        let id = DisclosureID.random(at: SystemClock.now())
        return try await context.call(
            RecordDisclosure(
                id: id, participant: participant, recipient: recipient,
                sections: Section.allCases.filter(sections.contains), consent: consent,
                document: id.document("dossier")), target)
    }
}

extension Identifier<Noun.Disclosure> {
    /// The number of a document of some kind that is given under this disclosure.
    func document(_ kind: String) -> String { "\(kind)-\(description.suffix(12))" }
}

extension GatewayContext {
    /// Makes one call of the service that its name begins with.
    func call<Method: RPCMethod>(
        _ request: Method, _ target: TargetOptions
    ) async throws -> Method.Reply {
        let caller = try caller(of: KnownMethods.service(of: Method.name.text))
        do throws(CallError<Method.Refusal>) {
            return try await caller.call(
                request, options: CallOptions(timeout: .seconds(target.timeout)))
        } catch {
            throw GatewayProblem(error.failure)
        }
    }
}
