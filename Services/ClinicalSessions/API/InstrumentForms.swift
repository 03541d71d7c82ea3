package import Instruments
package import RPC
package import Vocabulary

/// Shows the items of a questionnaire and the codes of their answers.
package struct DescribeInstrument: RPCMethod {
    package static let name: MethodName = "clinical.instrument.describe"
    package static let access = Access(roles: .clinicians)
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly

    package let instrument: InstrumentCode

    package init(instrument: InstrumentCode) {
        self.instrument = instrument
    }

    package struct Reply: Codable, Hashable, Sendable {
        package let instrument: InstrumentCode
        package let version: String
        /// In the order of the form; the wording is not ours to ship.
        package let items: [ItemRule]

        package init(instrument: InstrumentCode, version: String, items: [ItemRule]) {
            self.instrument = instrument
            self.version = version
            self.items = items
        }
    }
}
