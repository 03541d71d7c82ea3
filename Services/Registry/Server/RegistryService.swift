package import Hosting
package import RPC
internal import RegistryAPI
package import Storage
package import Vocabulary

/// The registry: who takes part, with whose consent, in which program.
///
/// A struct of what it needs, without state of its own.
package struct RegistryService: HostedService {
    package static let name = ServiceName.registry
    package static let schema = Schema(
        migrations: registryMigrations,
        records: [
            Facility.self, Institution.self, Agreement.self, Program.self, Staff.self,
            Participant.self,
        ])

    /// The methods that are answered so far.
    package static let methods: [any RPCDeclaration.Type] = [
        AddFacility.self, ListFacilities.self, AddInstitution.self, ListInstitutions.self,
        SignAgreement.self, ListAgreements.self, DefineProgram.self, ListPrograms.self,
        GetProgram.self, AddStaff.self, ListStaff.self, RegisterParticipant.self,
        GetParticipant.self, ListParticipants.self,
    ]

    let store: Store

    package init(store: Store) {
        self.store = store
    }

    package var handlers: [Handler] {
        [
            .unary(AddFacility.self, add), .unary(ListFacilities.self, list),
            .unary(AddInstitution.self, add), .unary(ListInstitutions.self, list),
            .unary(SignAgreement.self, sign), .unary(ListAgreements.self, list),
            .unary(DefineProgram.self, define), .unary(ListPrograms.self, list),
            .unary(GetProgram.self, get), .unary(AddStaff.self, add),
            .unary(ListStaff.self, list), .unary(RegisterParticipant.self, register),
            .unary(GetParticipant.self, get), .unary(ListParticipants.self, list),
        ]
    }

    package var subscriptions: [FeedSubscription] { [] }
}
