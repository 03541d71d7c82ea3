import Foundation
import RPC
import RegistryAPI
import TestKit
import Testing
import Vocabulary

@Suite("Calls by hand, to a registry and an evaluation", .timeLimit(.minutes(2)))
struct RPCCommandTests {
    private let cluster: Cluster

    init() throws { cluster = try Cluster() }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test("list and describe what the services say they answer, and who does not say it")
    func reflection() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let evaluation = try await cluster.start(.evaluation)
        defer { evaluation.kill() }
        // Whoever has a certificate may ask.
        let pulih = try PulihCommand(cluster, as: .security)

        let all = try await pulih.run("rpc", "list", "--explain")
        #expect(all.status == 3)
        #expect(all.output.contains("registry.participant.register"))
        #expect(all.output.contains("evaluation.effectiveness.report"))
        #expect(all.output.contains("16372 B"))
        #expect(!all.output.contains("clinical.note.write"))
        #expect(all.notes.contains("missing: methods from clinical"))
        let trace = try #require(all.notes.firstMatch(of: /traceparent 00-([0-9a-f]{32})-/)).1
        for service in [ServiceName.registry, .evaluation] {
            #expect(try cluster.log(of: service).contains(trace), "\(service)")
        }

        let one = try await pulih.run("rpc", "list", "registry", "-o", "json")
        #expect(one.status == 0)
        let services = try object(one.output)["services"] as? [[String: Any]]
        let methods = services?.first?["methods"] as? [[String: Any]]
        #expect(services?.count == 1)
        #expect(methods?.count == RegistryMethods.all.count + SharedMethods.all.count)
        let register = methods?.first { $0["method"] as? String == "registry.participant.register" }
        #expect(register?["repeatability"] as? String == "keyed")
        #expect(register?["roles"] as? [String] == ["registrar", "program-manager"])
        #expect((register?["refusals"] as? [String])?.contains("exact-duplicate") == true)

        let csv = try await pulih.run("rpc", "list", "evaluation", "-o", "csv")
        #expect(csv.output.hasPrefix("service,method,kind,repeated,section,callers,timeout\n"))
        #expect(try await pulih.run("rpc", "list", "clinical").status == 7)
        #expect(try await pulih.run("rpc", "list", "kitchen").status == 2)

        let described = try await pulih.run("rpc", "describe", "registry.agreement.sign")
        #expect(described.status == 0)
        #expect(described.output.contains("facility-unknown [failed-precondition]: "))
        #expect(described.output.contains("validFrom         text (Day)"))
        let json = try await pulih.run("rpc", "describe", "registry.feed.follow", "-o", "json")
        let reply = try object(json.output)["reply"] as? [String: Any]
        let fields = reply?["fields"] as? [[String: Any]]
        #expect(fields?.compactMap { $0["key"] as? Int } == [1, 2, 3, 4, 5])
        #expect(try await pulih.run("rpc", "describe", "registry.soup.stir").status == 5)
        #expect(try await pulih.run("rpc", "describe", "kitchen.soup.stir").status == 5)
        #expect(try await pulih.run("rpc", "describe", "clinical.note.write").status == 7)
        #expect(try await pulih.run("rpc", "describe", "rpc.health.check").status == 2)
        let health = try await pulih.run(
            "rpc", "describe", "rpc.health.check", "--service", "registry")
        #expect(health.status == 0)
    }

    @Test("take and print JSON, and end with the code that says what went wrong")
    func calls() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let administrator = try PulihCommand(cluster, as: .administrator)
        let key = "01890a5d-ac96-774b-bcce-b302099a8057"
        let add = [
            "rpc", "call", "registry.facility.add", "facility.code=rutan-kraksaan",
            "facility.id=\(key)", "facility.name=Rutan Kraksaan", "facility.zone=WIB", "--key", key,
        ]
        let added = try await administrator.run(add + ["--explain"])
        #expect(added.status == 0)
        #expect(try object(added.output)["code"] as? String == "rutan-kraksaan")
        let parts = added.notes.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
        #expect(
            parts == [
                "part", "connect", "TLS", "queue", "server", "network", "total", "attempts",
                "traceparent",
            ])
        let trace = try #require(added.notes.firstMatch(of: /traceparent 00-([0-9a-f]{32})-/)).1
        #expect(try cluster.log(of: .registry).contains(trace))
        // The same deed once more is the same answer.
        let again = try await administrator.run(add)
        #expect(again.output == added.output)
        #expect(again.notes.isEmpty)

        // The same options explain a noun's command.
        let list = try await administrator.run("facility", "list", "--explain")
        #expect(list.output.contains("Rutan Kraksaan"))
        #expect(list.notes.contains("TLS      "))

        let file = try cluster.directory.write("request.json", #"{"method": "rpc.health.check"}"#)
        let fromFile = try await administrator.run(
            "rpc", "call", "rpc.reflect.describe", "--service", "registry", "-f", file)
        #expect(try (object(fromFile.output)["methods"] as? [Any])?.count == 1)

        let head = try PulihCommand(cluster, as: .facilityHead)
        let refused = try await head.run(
            "rpc", "call", "registry.agreement.sign", "agreement.number=1",
            "agreement.facilityCode=nowhere", "agreement.institutionCodes=[\"bnnk\"]",
            "agreement.validFrom=2026-01-01", "agreement.validUntil=2027-01-01",
            "agreement.scope=all", "--explain")
        #expect(refused.status == 4)
        #expect(refused.output.isEmpty)
        #expect(refused.notes.contains("[facility-unknown]"))
        #expect(refused.notes.contains("total"))
        #expect(try await head.run(add).status == 4)

        func status(_ arguments: String...) async throws -> Int32 {
            let result = try await administrator.run(["rpc", "call"] + arguments)
            #expect(result.output.isEmpty)
            #expect(!result.notes.isEmpty)
            return result.status
        }
        let malformed = try cluster.directory.write("malformed.json", #"{"facility": "#)
        #expect(try await status("registry.facility.add", "-f", malformed) == 9)
        let wrong = try cluster.directory.write("wrong.json", #"{"facility": {"code": []}}"#)
        #expect(try await status("registry.facility.add", "-f", wrong) == 9)
        #expect(try await status("registry.facility.add", "-f", "/nowhere.json") == 2)
        #expect(try await status("registry.facility.add", "novalue") == 2)
        #expect(try await status("registry.facility.stir") == 5)
        #expect(try await status("registry.facility.list", "--take", "2") == 2)
        #expect(try await status("rpc.health.check") == 2)
        #expect(try await status("clinical.note.list", "participant=\(key)") == 7)
        #expect(try await status("registry.facility.list", "--service", "clinical") == 2)
        // A feed is for services.
        #expect(try await status("registry.feed.follow", "after=0") == 4)
    }

    @Test("print the replies of a stream line by line, as many as are wanted")
    func streams() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let administrator = try cluster.caller(.administrator, of: registry)
        for number in 1...3 {
            let facility = Facility(
                id: .random(at: Timestamp(microseconds: Int64(number) * 1000)),
                code: "rutan-\(number)", name: "Rutan \(number)", zone: .wib)
            _ = try await administrator.call(AddFacility(facility: facility))
        }
        let evaluation = try PulihCommand(
            cluster,
            with: try cluster.certificates.issue(
                TestCertificates.request(TestCertificates.service(.evaluation))),
            trusting: cluster.certificates.authorityFile)
        let three = try await evaluation.run(
            "rpc", "call", "registry.feed.follow", "after=1", "--take", "3", "--explain")
        #expect(three.status == 0)
        // A feed says first how far it has got, and then what came after.
        let lines = try three.output.split(separator: "\n").map { try object(String($0)) }
        #expect(lines.map { $0["position"] as? Int } == [1, 2, 3])
        #expect(lines.map { $0["noun"] as? String } == [nil, "facility", "facility"])
        #expect(three.notes.contains("replies 3"))
        // A feed has no end: the time ends it, and what came until then is printed.
        let all = try await evaluation.run(
            "rpc", "call", "registry.feed.follow", "after=0", "--timeout", "2")
        #expect(all.status == 6)
        #expect(all.output.split(separator: "\n").count >= 3)
    }

    @Test("measure a service, and read its meters where the role watches over machines")
    func measured() async throws {
        let registry = try await cluster.start(.registry)
        defer { registry.kill() }
        let auditor = try PulihCommand(cluster, as: .auditor)
        let ping = try await auditor.run("rpc", "ping", "registry", "--count", "7")
        #expect(ping.status == 0)
        let rows = ping.output.split(separator: "\n").map { $0.prefix(17) }
        #expect(
            rows == [
                "part          cou", "connect       1  ", "TLS           1  ", "round trip    7  ",
                "of it server  7  ",
            ])
        let json = try await auditor.run("rpc", "ping", "registry", "-o", "json")
        let trips = try object(json.output)["roundTripMicroseconds"] as? [String: Int]
        #expect(trips?["count"] == 5)
        #expect(trips?["min"] ?? 0 > 0 && trips?["min"] ?? 0 <= trips?["max"] ?? 0)
        #expect(try await auditor.run("rpc", "ping", "clinical").status == 7)
        #expect(try await auditor.run("rpc", "ping", "registry", "--count", "0").status == 2)

        let table = try await auditor.run("rpc", "metrics", "registry")
        #expect(table.status == 0)
        #expect(
            table.output.contains(
                /rpc_calls_total\{method=rpc.health.check,status=ok\} +12\n/))
        #expect(
            table.output.contains(/rpc_call_seconds\{method=rpc.health.check\} +12 +[0-9.]+ ms/))
        let reply = try object(
            try await auditor.run("rpc", "metrics", "registry", "-o", "json").output)
        #expect((reply["lines"] as? [[String: Any]])?.isEmpty == false)
        let counselor = try PulihCommand(cluster, as: .counselor)
        let refused = try await counselor.run("rpc", "metrics", "registry")
        #expect(refused.status == 4)
        #expect(refused.output.isEmpty)
    }
}
