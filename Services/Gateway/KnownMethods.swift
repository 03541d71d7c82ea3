import ArgumentParser
import ClinicalAPI
import EvaluationAPI
import RegistryAPI
import Shared

/// The methods whose declarations this program has.
enum KnownMethods {
    static let all =
        RegistryMethods.all + ClinicalMethods.all + EvaluationMethods.all + SharedMethods.all

    /// For a shell that completes one.
    static var names: [String] { all.map { $0.name.text }.sorted() }

    /// The declaration of a method by its name.
    static func find(_ name: String) throws -> any RPCDeclaration.Type {
        guard let method = all.first(where: { $0.name.text == name }) else {
            throw GatewayProblem(
                "this program knows no method \(name); see `pulih rpc list`", .notFound)
        }
        return method
    }

    /// The service that answers a method: its name says it, but for the methods that all answer.
    ///
    /// `chosen`: what the caller said.
    static func service(of method: String, chosen: ServiceName? = nil) throws -> ServiceName {
        let first = method.prefix { $0 != "." }
        if let named = ServiceName(rawValue: String(first)) {
            guard chosen == nil || chosen == named else {
                throw GatewayProblem("\(method) is a method of \(named.rawValue)")
            }
            return named
        }
        guard SharedMethods.all.contains(where: { $0.name.text == method }) else {
            throw GatewayProblem(
                "\(method) belongs to no service; see `pulih rpc list`", .notFound)
        }
        guard let chosen else {
            throw GatewayProblem("every service answers \(method): say which with --service")
        }
        return chosen
    }
}

extension ServiceName: ExpressibleByArgument {}
