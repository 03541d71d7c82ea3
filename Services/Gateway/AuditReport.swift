import Shared

/// The three journals, each with its tables, beside what its witnesses hold of it.
struct AuditReport: Encodable {
    let services: [Journal]
    let missing: [MissingPart]

    struct Journal: Encodable {
        let service: String
        let chain: Chain
        /// The first position that does not fit the chain.
        let brokenAt: Int64?
        /// The tables beside it that hold something else than was written; nil where they were not
        /// looked at.
        let alteredTables: [String]?
        /// The end of the journal; nil where the service does not say.
        let position: Int64?
        let mac: String?
        /// How many entries the newest check of the whole found good, and when.
        let entries: Int64?
        let checkedAt: Timestamp?
        let checkedNow: Bool?
        let witnesses: [Witness]
    }

    enum Chain: String, Encodable {
        case whole
        case broken
        /// No check has ended yet.
        case unchecked
        /// The service does not answer.
        case unknown
    }

    /// What one witness holds of a journal.
    struct Witness: Encodable {
        let witness: String
        let standing: Standing
        let position: Int64?
        let keptAt: Timestamp?
        let confirmedAt: Timestamp?
    }

    enum Standing: String, Encodable {
        case agrees
        /// The journal has another hash at that position, or none.
        case contradicts
        /// The journal fits now, but a head of it was refused and none that fits has come since.
        case refused
        /// The witness was never told a head.
        case nothingHeld = "nothing-held"
        /// The witness or the service does not answer.
        case unknown
    }

    enum Verdict {
        case agreed
        case incomplete
        case contradicted
    }

    init(journals: FanOut<VerifyJournal.Reply>, held: FanOut<AskWitness.Reply>) {
        services = journals.legs.map { leg in
            Journal(of: leg.service, try? leg.result.get(), held)
        }
        let known = journals.missingParts
        missing =
            known
            + held.missingParts.filter { part in
                !known.contains { $0.service == part.service }
            }
    }

    /// The positions that witnesses hold of each journal.
    static func positions(of held: FanOut<AskWitness.Reply>) -> [ServiceName: [Int64]] {
        var positions: [ServiceName: [Int64]] = [:]
        for head in held.parts.flatMap(\.heads) {
            positions[head.of, default: []].append(head.head.position)
        }
        return positions
    }

    var verdict: Verdict {
        let standings = services.flatMap(\.witnesses).map(\.standing)
        if services.contains(where: { $0.chain == .broken || $0.alteredTables?.isEmpty == false })
            || standings.contains(where: { $0 == .contradicts || $0 == .refused })
        {
            return .contradicted
        }
        return services.allSatisfy { $0.chain == .whole && $0.alteredTables != nil }
            && standings.allSatisfy { $0 == .agrees } ? .agreed : .incomplete
    }

    /// What is not as it should be, a line each.
    var findings: [String] {
        services.flatMap { journal in
            let chain: String? =
                switch journal.chain {
                case .whole, .unknown: nil
                case .broken:
                    "\(journal.service): entry \(journal.brokenAt ?? 0) does not fit the chain: the "
                        + "journal was altered"
                case .unchecked: "\(journal.service): no check of the whole journal has ended yet"
                }
            return [chain, journal.findingOfTables].compactMap { $0 }
                + journal.witnesses.compactMap(journal.finding)
        }
    }

    var table: Table {
        let names = ServiceName.allCases.map(\.rawValue)
        return Table(
            header: ["journal", "position", "chain", "tables", "entries", "checked"]
                + names.map { "\($0) holds" },
            rows: services.map { journal in
                let cells = names.map { name in
                    journal.witnesses.first { $0.witness == name }.map(Self.cell) ?? ""
                }
                return [
                    journal.service, journal.position.map(String.init) ?? "?",
                    journal.brokenAt.map { "broken at \($0)" } ?? journal.chain.rawValue,
                    journal.alteredTables.map { $0.isEmpty ? "whole" : "ALTERED" } ?? "?",
                    journal.entries.map(String.init) ?? "?",
                    journal.checkedNow == true
                        ? "now" : journal.checkedAt.map { "\($0)" } ?? "never",
                ] + cells
            })
    }

    private static func cell(_ witness: Witness) -> String {
        let at = witness.position.map { " \($0)" } ?? ""
        return switch witness.standing {
        case .agrees: "agrees\(at)"
        case .contradicts: "CONTRADICTS\(at)"
        case .refused: "REFUSED A HEAD,\(at)"
        case .nothingHeld: "nothing"
        case .unknown: "?"
        }
    }
}

extension AuditReport.Journal {
    fileprivate init(
        of service: ServiceName, _ reply: VerifyJournal.Reply?, _ held: FanOut<AskWitness.Reply>
    ) {
        self.service = service.rawValue
        position = reply?.head.position
        mac = reply.map { CBORValue.hex($0.head.mac) }
        entries = reply?.check?.entries
        brokenAt = reply?.check?.brokenAt
        alteredTables = reply?.check?.alteredTables
        checkedAt = reply?.check?.endedAt
        checkedNow = reply?.checkedNow
        chain =
            switch reply {
            case nil: .unknown
            case let reply? where reply.check == nil: .unchecked
            case let reply?: reply.check?.brokenAt == nil ? .whole : .broken
            }
        witnesses = held.legs.filter { $0.service != service }.map { leg in
            let answer = try? leg.result.get()
            let head = answer?.heads.first { $0.of == service }
            return AuditReport.Witness(
                witness: leg.service.rawValue,
                standing: answer == nil || reply == nil ? .unknown : Self.standing(head, reply),
                position: head?.head.position, keptAt: head?.keptAt,
                confirmedAt: head?.confirmedAt)
        }
    }

    private static func standing(
        _ held: HeldHead?, _ reply: VerifyJournal.Reply?
    ) -> AuditReport.Standing {
        guard let held else { return .nothingHeld }
        guard reply?.marks.contains(held.head) == true else { return .contradicts }
        return held.refused == nil ? .agrees : .refused
    }

    fileprivate var findingOfTables: String? {
        guard let alteredTables, !alteredTables.isEmpty else { return nil }
        return "\(service): another program has altered these tables: "
            + alteredTables.joined(separator: ", ")
    }

    fileprivate func finding(_ witness: AuditReport.Witness) -> String? {
        let position = witness.position ?? 0
        return switch witness.standing {
        case .agrees, .unknown: nil
        case .contradicts:
            "\(service): \(witness.witness) has witnessed another entry \(position) than the journal "
                + "now has"
        case .refused: "\(service): \(witness.witness) has refused a head of the journal"
        case .nothingHeld: "\(service): \(witness.witness) was never told a head of the journal"
        }
    }
}
