import ArgumentParser
import RegistryAPI

/// The registry's nouns, each with its verbs.
let registryCommands: [any ParsableCommand.Type] = [
    FacilityCommand.self, InstitutionCommand.self, AgreementCommand.self, ProgramCommand.self,
    StaffCommand.self, ParticipantCommand.self,
]

struct FacilityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facility", abstract: "Detention facilities.",
        subcommands: [RequestCommand<AddFacility>.self, RequestCommand<ListFacilities>.self])
}

struct InstitutionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "institution", abstract: "Partner institutions.",
        subcommands: [RequestCommand<AddInstitution>.self, RequestCommand<ListInstitutions>.self])
}

struct AgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Agreements (MoU) under which programs run.",
        subcommands: [RequestCommand<SignAgreement>.self, RequestCommand<ListAgreements>.self])
}

struct ProgramCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "program", abstract: "Programs, their phases and entry rules.",
        subcommands: [
            RequestCommand<DefineProgram>.self, RequestCommand<ListPrograms>.self,
            RequestCommand<GetProgram>.self,
        ])
}

struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Who works in the program.",
        subcommands: [RequestCommand<AddStaff>.self, RequestCommand<ListStaff>.self])
}

struct ParticipantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "participant", abstract: "People who take part or may take part.",
        subcommands: [
            RequestCommand<RegisterParticipant>.self, RequestCommand<GetParticipant>.self,
            RequestCommand<ListParticipants>.self,
        ])
}
