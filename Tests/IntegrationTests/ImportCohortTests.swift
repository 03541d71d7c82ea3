import EvaluationAPI
import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("Importing the published cohort with the command", .timeLimit(.minutes(3)))
struct ImportCohortTests {
    /// A registry with a program to import into, an evaluation that follows it, and the command.
    fileprivate struct Scene {
        let cluster: Cluster
        let registry: RunningService
        let evaluation: RunningService
        let gateway: GatewayProcess

        init() async throws {
            cluster = try Cluster()
            registry = try await cluster.start(.registry)
            evaluation = try await cluster.start(.evaluation)
            gateway = try GatewayProcess(
                cluster, as: .programManager, registry: registry, evaluation: evaluation)
            try await define("sosial-6")
        }

        private func define(_ code: String) async throws {
            func id<Kind>(_ number: UInt64) -> Identifier<Kind> {
                Identifier(at: Timestamp(microseconds: 0), high: 0, low: number)
            }
            let administrator = try cluster.caller(.administrator, of: registry)
            _ = try await administrator.call(
                AddFacility(
                    facility: Facility(
                        id: id(1), code: "rutan-kraksaan", name: "Rutan Kraksaan", zone: .wib)))
            _ = try await administrator.call(
                AddInstitution(
                    institution: Institution(
                        id: id(2), code: "bnnk-pasuruan", name: "BNNK Pasuruan",
                        kind: .narcoticsBoard)))
            let today = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
                .day(in: .wib)
            let agreement = Agreement(
                id: id(3), number: "1", facilityCode: "rutan-kraksaan",
                institutionCodes: ["bnnk-pasuruan"], validFrom: today,
                validUntil: today.adding(days: 365), scope: "rehabilitation")
            _ = try await cluster.caller(.facilityHead, of: registry).call(
                SignAgreement(agreement: agreement))
            _ = try await cluster.caller(.programManager, of: registry).call(
                DefineProgram(
                    program: Program(
                        id: id(4), agreement: agreement.id, code: code, name: "Social",
                        kind: .social, lengthDays: 180, phases: [Phase(name: "all", days: 180)],
                        capacity: 20,
                        evaluationCalendar: [
                            EvaluationPoint(
                                code: "M3", after: 3, unit: .month, instruments: [], urine: true)
                        ], entryRules: EntryRules())))
        }

        /// The command as the guide gives it.
        static func guided(_ prefix: String) throws -> [String] {
            let guide = try String(
                contentsOfFile: GatewayProcess.root + "/deploy/guide/import-cohort.md",
                encoding: .utf8)
            let line = try #require(
                guide.split(separator: "\n").first { $0.hasPrefix("pulih \(prefix) ") })
            return line.split(separator: " ").dropFirst().map(String.init)
        }
    }

    private struct Summary: Decodable, Equatable {
        struct Tally: Decodable, Equatable {
            let service: String
            let created: Int
            let unchanged: Int
            let conflict: Int
        }
        let rows: Int
        let skipped: Int
        let services: [Tally]
    }

    private func tallies(created: Int, unchanged: Int) -> [Summary.Tally] {
        ["registry", "evaluation"].map {
            Summary.Tally(service: $0, created: created, unchanged: unchanged, conflict: 0)
        }
    }

    private func summary(_ result: GatewayProcess.Result) throws -> Summary {
        try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
    }

    private func isNear(_ value: Double?, _ published: Double) -> Bool {
        value.map { abs($0 - published) <= 5e-5 } ?? false
    }

    private func expectPublished(_ scene: Scene) async throws {
        let result = try await scene.gateway.run(try Scene.guided("effectiveness"))
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONDecoder().decode(
            EffectivenessReport.self, from: Data(result.output.utf8))
        #expect(report.imported == 432)
        #expect(report.participants == 432)
        let figures = report.recidivism
        #expect(figures.groups.map(\.name) == ["aid", "no aid"])
        #expect(figures.groups.map(\.count) == [216, 216])
        #expect(figures.groups.map(\.events).reduce(0, +) == 114)
        #expect(figures.withoutIndex == 0 && figures.withoutFollowUp == 0)
        let noAid = try #require(figures.groups.last)
        let year = try #require(noAid.points.first { $0.day == 364 })
        #expect(isNear(year.survival, 0.6944))
        #expect(isNear(year.standardError, 0.0313))
        #expect(isNear(year.lower, 0.6357))
        #expect(isNear(year.upper, 0.7587))
        #expect(isNear(figures.logRank?.chiSquare, 3.8376))
        #expect(isNear(figures.logRank?.p, 0.0501))
    }

    @Test("gives the published figures at once, after a restart, and after a repeat")
    func published() async throws {
        let scene = try await Scene()
        let command = try Scene.guided("import cohort") + ["-o", "json"]
        let first = try await scene.gateway.run(command)
        #expect(first.status == 0, "\(first.errors)")
        #expect(
            try summary(first)
                == Summary(rows: 432, skipped: 0, services: tallies(created: 432, unchanged: 0)))
        try await expectPublished(scene)

        let positions = try await scene.positions()
        let second = try await scene.gateway.run(command)
        #expect(second.status == 0, "\(second.errors)")
        #expect(try summary(second).services == tallies(created: 0, unchanged: 432))
        #expect(try await scene.positions().registry == positions.registry)
        try await expectPublished(scene)

        #expect(scene.evaluation.stop() == 0)
        let again = try await scene.cluster.start(.evaluation)
        try scene.gateway.point(at: scene.registry, again)
        try await expectPublished(scene)
        again.kill()
        scene.registry.kill()
    }

    @Test("completes an import that broke off between the services, by repeating it")
    func brokenOff() async throws {
        let scene = try await Scene()
        let command = try Scene.guided("import cohort") + ["-o", "json"]
        scene.evaluation.kill()
        let broken = try await scene.gateway.run(command)
        #expect(broken.status == 7, "\(broken.errors)")
        #expect(broken.errors.contains("432 of 432 rows in registry, 0 of 432 rows in evaluation"))
        let again = try await scene.cluster.start(.evaluation)
        try scene.gateway.point(at: scene.registry, again)
        let whole = try await scene.gateway.run(command)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(
            try summary(whole).services == [
                Summary.Tally(service: "registry", created: 0, unchanged: 432, conflict: 0),
                Summary.Tally(service: "evaluation", created: 432, unchanged: 0, conflict: 0),
            ])
        try await expectPublished(scene)
        again.kill()
        scene.registry.kill()
    }

    @Test("stores nothing of a file with errors, and says where they are")
    func errors() async throws {
        let scene = try await Scene()
        let file = try scene.cluster.directory.write(
            "list.csv", "key,program,sex,eventOn\n1,sosial-6,male,\n2,sosial-6,Siti,\n3,x,,\n")
        let before = try await scene.positions()
        let refused = try await scene.gateway.run(["import", "cohort", file])
        #expect(refused.status == 9)
        #expect(refused.errors.contains("line 3, column sex (sex)"))
        #expect(!refused.errors.contains("Siti"))
        let code = try await scene.gateway.run(["import", "cohort", file, "--column", "sex="])
        #expect(code.status == 9)
        #expect(code.errors.contains("line 4"))
        #expect(try await scene.positions().registry == before.registry)
        #expect(try await scene.evaluationCount() == 0)

        let rest = try await scene.gateway.run(
            ["import", "cohort", file, "--skip-invalid", "-o", "json"])
        #expect(rest.status == 0, "\(rest.errors)")
        let result = try summary(rest)
        #expect(result.skipped == 2 && result.services.map(\.created) == [1, 1])
        #expect(try await scene.evaluationCount() == 1)

        // The same row told otherwise is a conflict, and stays as it was.
        _ = try scene.cluster.directory.write(
            "list.csv", "key,program,sex\n1,sosial-6,female\n9,sosial-6,female\n")
        let clash = try await scene.gateway.run(["import", "cohort", file])
        #expect(clash.status == 11, "\(clash.errors)")
        #expect(clash.errors.contains("line 2: registry has this key with other content: sex"))
        #expect(try await scene.evaluationCount() == 2)
        scene.registry.kill()
        scene.evaluation.kill()
    }
}

extension ImportCohortTests.Scene {
    /// How far the journals have come.
    func positions() async throws -> (registry: Int64, evaluation: Int64) {
        (
            try await cluster.caller(.programManager, of: registry).call(CheckHealth()).position,
            try await cluster.caller(.programManager, of: evaluation).call(CheckHealth()).position
        )
    }

    func evaluationCount() async throws -> Int {
        try await cluster.caller(.programManager, of: evaluation).call(ReportEffectiveness())
            .imported
    }
}
