import ArgumentParser
import RegistryAPI
import Shared

/// What is printed with the notice around it.
struct HandOut<Content: Encodable>: Encodable {
    let notice: RedisclosureNotice
    let content: Content
}

/// To whom a print is handed, and by what right.
struct HandOutOptions: ParsableArguments {
    @Option(help: "Who gets the print; it is entered among the disclosures first.")
    var handOut: String?
    @Option(help: "The consent that names them.") var consent: String?

    func validate() throws {
        guard (handOut == nil) == (consent == nil) else {
            throw ValidationError(
                "--hand-out and --consent go together: what leaves needs the person's consent; "
                    + "`pulih participant copy` is for the person, and `pulih legalrequest give` "
                    + "for police, prosecutor and court")
        }
    }

    /// Records that a dossier leaves; nil where it does not.
    func record(
        dossierOf participant: ParticipantID, _ context: GatewayContext, _ target: TargetOptions
    ) async throws -> Disclosure? {
        guard let handOut, let consent else { return nil }
        guard let consent = ConsentID(text: consent) else {
            throw GatewayProblem("--consent must be the id of a consent")
        }
        let id = DisclosureID.random(at: SystemClock.now())
        return try await context.record(
            RecordDisclosure(
                id: id, participant: participant, recipient: handOut,
                sections: [.identity, .legal, .program, .clinical], consent: consent,
                document: "dossier-\(String(id.description.suffix(12)))"), target)
    }
}

extension GatewayContext {
    /// Enters a disclosure before anything is printed.
    func record(_ call: RecordDisclosure, _ target: TargetOptions) async throws -> Disclosure {
        let caller = try caller(of: .registry)
        do throws(CallError<RecordDisclosure.Refusal>) {
            return try await caller.call(
                call, options: CallOptions(timeout: .seconds(target.timeout)))
        } catch {
            throw GatewayProblem(error.failure)
        }
    }
}
