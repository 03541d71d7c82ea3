import ClinicalAPI
import EvaluationAPI
import Foundation
import NIOCore
import RegistryAPI
import Shared
import Testing

@testable import Gateway

@Suite("What the three services say of their methods")
struct ReflectionTests {
    private let described = KnownMethods.all.map(MethodDescription.init(of:))

    /// The places in a shape that tell less than there is.
    private func gaps(_ shape: Shape, _ path: String) -> [String] {
        var gaps: [String] = []
        if shape.kind == .unknown { gaps.append("\(path) is unknown (\(shape.type ?? "-"))") }
        if shape.incomplete == true { gaps.append("\(path) is cut off (\(shape.type ?? "-"))") }
        if shape.kind == .list || shape.kind == .dictionary, shape.entries?.count != 1 {
            gaps.append("\(path) has no entries")
        }
        if shape.kind == .structure || shape.kind == .choice, shape.fields == nil {
            gaps.append("\(path) has no fields")
        }
        for entry in shape.entries ?? [] { gaps += self.gaps(entry, path + "[]") }
        for field in shape.fields ?? [] { gaps += self.gaps(field.shape, path + "." + field.name) }
        return gaps
    }

    @Test("is whole: no part of any request or reply is unknown, empty or cut off")
    func whole() {
        #expect(described.count == 127)
        for method in described {
            let found =
                gaps(method.request, "\(method.name) request")
                + gaps(method.reply, "\(method.name) reply")
            #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        }
    }

    @Test("has no field too few: a request without fields is one that has none in the sources")
    func fieldless() throws {
        for declaration in KnownMethods.all {
            let shape = MethodDescription(of: declaration).request
            guard shape.fields?.isEmpty == true else { continue }
            let request = try JSONDecoder().decode(declaration, from: Data("{}".utf8))
            #expect(Mirror(reflecting: request).children.isEmpty, "\(declaration.name)")
        }
        // Of the others, one with every kind of field.
        let register = Shape(of: RegisterParticipant.self)
        #expect(register.fields?.count == 9)
    }

    @Test("says of each method what its declaration says, and why it can be refused")
    func declared() {
        for (method, declaration) in zip(described, KnownMethods.all) {
            #expect(method.name == declaration.name.text)
            #expect(Set(method.roles) == declaration.access.roles)
            #expect(Set(method.services) == declaration.access.services)
            #expect(method.section == declaration.section)
            #expect(method.repeatability == declaration.repeatability)
            #expect(method.timeoutMicroseconds == declaration.timeout.microseconds)
            #expect((method.kind == .stream) == (declaration is any RPCStream.Type))
            for refusal in method.refusals {
                #expect(!refusal.rule.isEmpty && refusal.explanation.count > 10)
            }
        }
        #expect(
            described.filter { $0.kind == .stream }.map(\.name).sorted() == [
                "clinical.feed.follow", "registry.feed.follow",
            ])
        #expect(described.filter { !$0.refusals.isEmpty }.count > 30)
    }

    @Test("survives the way to the caller")
    func encoded() throws {
        let reply = DescribeService.Reply(
            service: .registry, version: "1",
            limits: ServiceLimits(admission: Admission.Limits()), methods: described)
        let message = try CBOREncoder().encode(reply)
        #expect(try CBORDecoder().decode(DescribeService.Reply.self, from: message) == reply)
        #expect(message.readableBytes < WireLimits.standard.messageBytes / 4)
    }

    @Test("reads like this for people", arguments: Self.golden.keys.sorted())
    func text(name: String) throws {
        let method = try #require(described.first { $0.name == name })
        #expect(MethodText(method).text == Self.golden[name])
    }

    private static let golden = [
        "registry.facility.add": """
        registry.facility.add

          unary, keyed, waits 10 s, runs on pool
          section: operational
          callers: administrator

        request
          facility  structure (Facility)
            id      uuid (Identifier<Noun.Facility>)
            code    text
            name    text
            zone    text (Zone): WIB | WITA | WIT

        reply
          id    uuid (Identifier<Noun.Facility>)
          code  text
          name  text
          zone  text (Zone): WIB | WITA | WIT

        refusals
          facility-code-taken [already-exists]: another facility has this code; choose one that is \
        not in use
          facility-id-taken [already-exists]: this id already names a facility with other content; \
        make a new id
        """,
        "registry.feed.follow": """
        registry.feed.follow

          stream, read-only, waits 10 s, runs on pool
          section: program
          callers: service clinical, service evaluation

        request
          after  integer

        each reply
          position (1)  integer
          at (2)        text (Timestamp)
          noun (3)      text, optional
          id (4)        uuid, optional
          body (5)      bytes, optional
        """,
        "rpc.health.check": """
        rpc.health.check

          unary, read-only, waits 5 s, runs on pool
          section: operational
          callers: everyone

        request
          no fields

        reply
          service                text (ServiceName): registry | clinical | evaluation
          ready                  boolean
          version                text
          startedAt              text (Timestamp)
          position               integer
          feeds                  list of structure (FeedState)
            of                   text (ServiceName): registry | clinical | evaluation
            position             integer
            heardAt              text (Timestamp), optional
          certificate            structure (CertificateState), optional
            validUntil           text (Timestamp)
            authorityValidUntil  text (Timestamp), optional
            warning              text, optional
          notices                list of structure (HealthNotice), optional
            kind                 text (Open<HealthNotice.Kind>): witness-unset | \
        witness-unheard | journal-alarm | head-refused | store-disturbed | journal-unchecked | \
        emergency-to-review | bulk-reading-to-review | certificates-refused
            about                text (ServiceName): registry | clinical | evaluation, optional
            text                 text
        """,
    ]

    @Test("has a row for each field in a spreadsheet")
    func rows() throws {
        let method = try #require(described.first { $0.name == "registry.feed.follow" })
        #expect(
            MethodText(method).fields.csv == """
                part,field,key,kind,optional
                request,after,,integer,no
                reply,position,1,integer,no
                reply,at,2,text (Timestamp),no
                reply,noun,3,text,yes
                reply,id,4,uuid,yes
                reply,body,5,bytes,yes
                """)
    }
}
