package import Instruments
package import RPC
package import Vocabulary

/// What may be answered to one item of a questionnaire; its wording is not ours to ship.
package struct InstrumentItem: Codable, Hashable, Sendable {
    /// As answers name it.
    package let code: String
    /// The codes that an answer may have.
    package let allowed: [Int]

    package init(code: String, allowed: [Int]) {
        self.code = code
        self.allowed = allowed
    }
}

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
        package let items: [InstrumentItem]

        package init(instrument: InstrumentCode, version: String, items: [InstrumentItem]) {
            self.instrument = instrument
            self.version = version
            self.items = items
        }
    }
}
