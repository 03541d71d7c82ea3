import CBOR
import Foundation
import NIOCore
import RPC
import Shared
import TestKit
import Testing

@testable import Gateway

/// Every method × every role × every place where somebody may work, and every service as a caller:
/// asked over TLS, and held against the declarations and the rule of reach.
@Suite("Each cell of the matrix of access", .timeLimit(.minutes(5)))
struct AccessCellsTests {
    private struct Cell: Sendable {
        let asked: AskedMethod
        let visitor: Visitor
        /// Nil of a service.
        let place: Workplace?

        var isAllowed: Bool { asked.type.access.allows(visitor.identity) }
        /// Who asks before whom: what those within reach write changes the town, and what they
        /// erase is no longer there for others.
        enum Phase: CaseIterable {
            case outOfReach, reads, writes, erases
        }

        var phase: Phase {
            if place?.reachesThePeople != true { return .outOfReach }
            if asked.type.repeatability == .readOnly { return .reads }
            return asked.type.name.text.hasSuffix(".erase") ? .erases : .writes
        }
        /// Whether the role has no purpose for which it could read this.
        var lacksPurpose: Bool {
            asked.type.section.needsPurpose && asked.type.repeatability == .readOnly
                && visitor.identity.usualPurpose == nil
        }
        var name: String { "\(visitor.identity) \(asked.type.name) at \(asked.service)" }

        func send(_ message: ByteBuffer) async -> Result<ByteBuffer, RPCFailure> {
            await visitor.send(message, to: asked.type, at: asked.service)
        }
    }

    /// What no decoder takes for a message: an array of a length that never comes.
    private static let garbage = ByteBuffer(bytes: [0x9f])

    private static func cells(_ town: ServedTown, _ methods: [AskedMethod]) throws -> [Cell] {
        var cells: [Cell] = []
        for role in Role.allCases {
            for place in Workplace.allCases {
                let visitor = try town.visitor(
                    .person(
                        PersonIdentity(
                            domain: TestCertificates.domain, affiliation: place.affiliation,
                            role: role, code: "somebody")))
                cells += methods.map { Cell(asked: $0, visitor: visitor, place: place) }
            }
        }
        for service in ServiceName.allCases {
            let visitor = try town.visitor(TestCertificates.service(service))
            cells += methods.map { Cell(asked: $0, visitor: visitor, place: nil) }
        }
        return cells
    }

    @Test("is open or closed as it is declared, and open for those within reach alone")
    func cells() async throws {
        let town = try RecordedTown()
        defer { town.close() }
        try await town.live()
        let served = try await ServedTown(town)
        let cells = try Self.cells(served, AskedMethod.all(recorded: town.recorder.chosen()))
        var wrong = try await Self.check(cells, Self.gate)
        let open = cells.filter { $0.isAllowed && $0.asked.request != nil && $0.place != nil }
        for phase in Cell.Phase.allCases {
            wrong += try await Self.check(open.filter { $0.phase == phase }, Self.reach)
        }
        for cell in cells { cell.visitor.leave() }
        await served.close()
        for problem in wrong.prefix(40) { Issue.record("\(problem)") }
        let good = cells.count - Set(wrong.map(\.cell)).count
        SecurityFigure.all("access cells right", good, of: cells.count)
        SecurityFigure.atLeast("access cells decided by reach", open.count, 1500)
        #expect(wrong.isEmpty)
        // Thirteen roles at four places, and three services, at each method of each service.
        let methods = allMethods.count + SharedMethods.all.count * (ServiceName.allCases.count - 1)
        #expect(cells.count == methods * (13 * 4 + 3))
        #expect(open.count >= 1500)
    }

    private struct Wrong: CustomStringConvertible {
        let cell: String
        let problem: String
        var description: String { "\(cell): \(problem)" }
    }

    /// Asks in all cells, some at once, and returns those whose answer was wrong.
    private static func check(
        _ cells: [Cell], _ look: @escaping @Sendable (Cell) async throws -> String?
    ) async throws -> [Wrong] {
        try await withThrowingTaskGroup(of: Wrong?.self) { group in
            var wrong: [Wrong] = []
            var rest = cells[...]
            func next() {
                guard let cell = rest.popFirst() else { return }
                group.addTask {
                    try await look(cell).map { Wrong(cell: cell.name, problem: $0) }
                }
            }
            for _ in 0..<32 { next() }
            while let result = try await group.next() {
                if let result { wrong.append(result) }
                next()
            }
            return wrong
        }
    }

    /// Whoever is not named in the declaration is refused before the request is read, with one
    /// answer for all; whoever is, is told that what they sent is no message.
    @Sendable private static func gate(_ cell: Cell) async -> String? {
        let answer = await cell.send(garbage)
        if cell.isAllowed {
            guard case .failure(let failure) = answer, failure.code == .invalidArgument else {
                return "should have come to the request, and was answered \(answer)"
            }
            return nil
        }
        guard case .failure(let failure) = answer, failure.isOfTheGate(cell.asked.type) else {
            return "should be closed, and was answered \(answer)"
        }
        // A request that is one changes nothing of it.
        guard let request = cell.asked.request else { return nil }
        guard case .failure(let other) = await cell.send(request.bytes), other.isLike(failure)
        else { return "is refused otherwise when it sends a request" }
        return nil
    }

    /// Whoever works elsewhere is answered as if there were no such people.
    @Sendable private static func reach(_ cell: Cell) async -> String? {
        guard let request = cell.asked.request, let place = cell.place else { return nil }
        let answer = await cell.send(request.bytes)
        if cell.lacksPurpose {
            guard case .failure(let failure) = answer, failure.rule == "purpose-missing" else {
                return "has no purpose, and was answered \(answer)"
            }
            return nil
        }
        if place.reachesThePeople {
            guard case .failure(let failure) = answer else { return nil }
            return failure.rule == "out-of-reach" || failure.isOfTheGate(cell.asked.type)
                ? "is within reach, and was refused: \(failure)" : nil
        }
        switch answer {
        case .success(let reply):
            guard cell.asked.mayShowNobody, cell.asked.type.showsPeople(reply) == false else {
                return "is out of reach, and was shown something"
            }
        case .failure(let failure):
            guard failure.code == .notFound, failure.rule == "out-of-reach" else {
                return "is out of reach, and was refused otherwise: \(failure)"
            }
            guard let nobody = cell.asked.aboutNobody else { return nil }
            guard case .failure(let other) = await cell.send(nobody.bytes), other.isLike(failure)
            else { return "tells who exists from who does not" }
        }
        return nil
    }

    @Test("is what the declarations were when somebody last looked at the matrix")
    func golden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("access-matrix.csv")
        let expected = try String(contentsOf: file, encoding: .utf8)
        let matrix = AccessMatrix(KnownMethods.all).table.csv + "\n"
        let changed = Set(matrix.split(separator: "\n"))
            .symmetricDifference(expected.split(separator: "\n"))
        #expect(
            matrix == expected,
            """
            \(changed.sorted()): whoever changes who may do what shows it here: \
            `pulih access matrix -o csv > Tests/CorpusTests/access-matrix.csv`
            """)
    }
}

extension RPCFailure {
    /// Whether it is how the gate refuses a call of a method.
    fileprivate func isOfTheGate(_ method: any RPCDeclaration.Type) -> Bool {
        code == .permissionDenied && rule == nil && outcome == .notProcessed
            && message == "your role may not call \(method.name)"
    }

    /// Whether it says the same, but for the call that it is about.
    fileprivate func isLike(_ other: RPCFailure) -> Bool {
        var same = other
        same.call = call
        return same == self
    }
}
