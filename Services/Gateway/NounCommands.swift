import ArgumentParser
import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared

/// The nouns of all three services, each with a verb for every method that its API declares.
///
/// A new method has its command as soon as it is declared; only a new noun is added here.
let nounCommands: [any ParsableCommand.Type] = [
    FacilityCommand.self, InstitutionCommand.self, AgreementCommand.self, ProgramCommand.self,
    StaffCommand.self, ParticipantCommand.self, ItemCommand.self, ConsentCommand.self,
    DecisionCommand.self, DecreeCommand.self, EnrollmentCommand.self, EpisodeCommand.self,
    InstrumentCommand.self,
    AssessmentCommand.self, PlanCommand.self, SessionCommand.self, NoteCommand.self,
    UrineTestCommand.self, AlertCommand.self, EvaluationCommand.self, ContactCommand.self,
    OutcomeCommand.self, FollowUpCommand.self, CertificateCommand.self,
    LegalRequestCommand.self, SubjectRequestCommand.self, DisclosureCommand.self,
    BreachCommand.self,
]

/// Describes a noun: its verbs are those of `methods` whose name has it in the middle, and `more`.
private func noun(
    _ name: String, _ abstract: String, _ methods: [any RPCDeclaration.Type],
    more: [any ParsableCommand.Type] = []
) -> CommandConfiguration {
    let verbs = methods.compactMap { declaration -> (any ParsableCommand.Type)? in
        let parts = declaration.name.text.split(separator: ".")
        guard parts.count == 3, parts[1] == name, let method = declaration as? any RPCMethod.Type
        else { return nil }
        return command(method)
    }
    return CommandConfiguration(commandName: name, abstract: abstract, subcommands: verbs + more)
}

private func command<Method: RPCMethod>(_ method: Method.Type) -> any ParsableCommand.Type {
    RequestCommand<Method>.self
}

struct FacilityCommand: AsyncParsableCommand {
    static let configuration = noun("facility", "Detention facilities.", RegistryMethods.all)
}

struct InstitutionCommand: AsyncParsableCommand {
    static let configuration = noun("institution", "Partner institutions.", RegistryMethods.all)
}

struct AgreementCommand: AsyncParsableCommand {
    static let configuration = noun(
        "agreement", "Agreements (MoU) under which programs run.", RegistryMethods.all)
}

struct ProgramCommand: AsyncParsableCommand {
    static let configuration = noun(
        "program", "Programs, their phases and entry rules.", RegistryMethods.all)
}

struct StaffCommand: AsyncParsableCommand {
    static let configuration = noun("staff", "Who works in the program.", RegistryMethods.all)
}

struct ParticipantCommand: AsyncParsableCommand {
    static let configuration = noun(
        "participant", "People who take part or may take part.", RegistryMethods.all,
        more: [SubjectCopyCommand.self])
}

struct ItemCommand: AsyncParsableCommand {
    static let configuration = noun(
        "item", "The recorded items of the legal minimum.", RegistryMethods.all)
}

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = noun(
        "consent", "What participants agreed to, and took back.", RegistryMethods.all)
}

struct DecisionCommand: AsyncParsableCommand {
    static let configuration = noun(
        "decision", "Decisions of the assessment team.", RegistryMethods.all)
}

struct DecreeCommand: AsyncParsableCommand {
    static let configuration = noun("decree", "Decrees (SK) that appoint.", RegistryMethods.all)
}

struct EnrollmentCommand: AsyncParsableCommand {
    static let configuration = noun(
        "enrollment", "Episodes in a program, from admission to exit.", RegistryMethods.all)
}

struct EpisodeCommand: AsyncParsableCommand {
    static let configuration = noun(
        "episode", "Imported episodes of which too little is known for an enrollment.",
        RegistryMethods.all)
}

struct InstrumentCommand: AsyncParsableCommand {
    static let configuration = noun(
        "instrument", "Questionnaires, answered and scored.", ClinicalMethods.all)
}

struct AssessmentCommand: AsyncParsableCommand {
    static let configuration = noun("assessment", "Clinical assessments.", ClinicalMethods.all)
}

struct PlanCommand: AsyncParsableCommand {
    static let configuration = noun("plan", "Treatment plans.", ClinicalMethods.all)
}

struct SessionCommand: AsyncParsableCommand {
    static let configuration = noun("session", "Sessions and attendance.", ClinicalMethods.all)
}

struct NoteCommand: AsyncParsableCommand {
    static let configuration = noun("note", "Counseling notes.", ClinicalMethods.all)
}

struct UrineTestCommand: AsyncParsableCommand {
    static let configuration = noun("urinetest", "Urine tests.", ClinicalMethods.all)
}

struct AlertCommand: AsyncParsableCommand {
    static let configuration = noun("alert", "Who needs somebody today.", ClinicalMethods.all)
}

struct EvaluationCommand: AsyncParsableCommand {
    static let configuration = noun(
        "evaluation", "Joint periodic and exit evaluations.", EvaluationMethods.all)
}

struct ContactCommand: AsyncParsableCommand {
    static let configuration = noun("contact", "Aftercare contacts.", EvaluationMethods.all)
}

struct OutcomeCommand: AsyncParsableCommand {
    static let configuration = noun(
        "outcome", "Relapse, re-arrest, return, death.", EvaluationMethods.all)
}

struct FollowUpCommand: AsyncParsableCommand {
    static let configuration = noun(
        "followup", "How far the register is known.", EvaluationMethods.all)
}

struct CertificateCommand: AsyncParsableCommand {
    static let configuration = noun(
        "certificate", "Certificates that count no more; `pulih pki` issues them.",
        RegistryMethods.all)
}

struct LegalRequestCommand: AsyncParsableCommand {
    static let configuration = noun(
        "legalrequest", "Requests of police, prosecutor and court for a person's data.",
        RegistryMethods.all, more: [LegalPrintCommand.self])
}

struct SubjectRequestCommand: AsyncParsableCommand {
    static let configuration = noun(
        "subjectrequest", "What people ask about their own data, and by when it is answered.",
        RegistryMethods.all)
}

struct DisclosureCommand: AsyncParsableCommand {
    static let configuration = noun(
        "disclosure", "To whom a person's data were given.", RegistryMethods.all)
}

struct BreachCommand: AsyncParsableCommand {
    static let configuration = noun(
        "breach", "Data that got out, and who was told within 72 hours.", RegistryMethods.all,
        more: [BreachLetterCommand.self])
}
