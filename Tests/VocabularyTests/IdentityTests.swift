import Testing
import Vocabulary

@Suite("An identity")
struct IdentityTests {
    @Test(
        "is read from its URI and written back",
        arguments: [
            "spiffe://pulih.local/service/registry",
            "spiffe://pulih.local/facility/rutan-kraksaan/role/counselor/siti.r",
            "spiffe://pulih.local/institution/bnnk-pasuruan/role/board-counselor/a_1",
        ])
    func roundTrip(uri: String) throws { #expect(try Identity(uri: uri).description == uri) }

    @Test(
        "is refused where a part is wrong",
        arguments: [
            ("https://pulih.local/service/registry", IdentityError.notSPIFFE),
            ("spiffe://pulih.local/service/other", .unknownService),
            ("spiffe://pulih.local/service/registry/", .malformedPath),
            ("spiffe://pulih.local/facility/a/role/king/x", .unknownRole),
            ("spiffe://pulih.local/facility/a/counselor/x", .malformedPath),
            ("spiffe:///service/registry", .malformedPath),
            ("spiffe://pulih.local/facility/a b/role/counselor/x", .malformedPath),
            ("spiffe://pulih.local/facility/a\0/role/counselor/x", .malformedPath),
        ])
    func refused(uri: String, error: IdentityError) {
        #expect(throws: error) { try Identity(uri: uri) }
    }

    @Test("may call only what names its role or service")
    func access() throws {
        let counselor = try Identity(uri: "spiffe://d/facility/a/role/counselor/x")
        let registry = try Identity(uri: "spiffe://d/service/registry")
        #expect(Access.staff(.counselor).allows(counselor))
        #expect(!Access.staff(.registrar).allows(counselor))
        #expect(!Access.staff(.counselor).allows(registry))
        #expect(Access.services(.registry).allows(registry))
        #expect(!Access.services(.clinical).allows(registry))
        #expect(!Access(roles: []).allows(counselor))
    }
}

@Suite("A register book")
struct RegisterBookTests {
    @Test(
        "fits the sentences it is for",
        arguments: [
            (RegisterBook.b1, 12, false), (.b1, 13, true), (.b2a, 3, false), (.b2a, 4, true),
            (.b2a, 12, true), (.b2a, 13, false), (.b2b, 3, true), (.b2b, 4, false),
        ])
    func sentence(book: RegisterBook, months: Int, fits: Bool) {
        #expect(book.fits(sentenceMonths: months) == fits)
    }

    @Test("tells detainees from convicts")
    func status() {
        #expect(RegisterBook.a3.legalStatus == .detainee)
        #expect(RegisterBook.b3.legalStatus == .convict)
        #expect(RegisterBook.a1.fits(sentenceMonths: 5) == nil)
    }
}
