package import RPC
package import Vocabulary

/// Every call of the echo.
package enum EchoMethods {
    package static let all: [any RPCDeclaration.Type] = [
        EchoMessage.self, SendMessages.self, EchoBlob.self,
    ]
}

/// Sends the message back as it came.
extension EchoMessage: RPCMethod {
    package static let name: MethodName = "echo.message.echo"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let thread = HandlerThread.connection

    package typealias Reply = EchoMessage
}

/// Sends so many messages, numbered from 0.
package struct SendMessages: RPCStream {
    package static let name: MethodName = "echo.messages.send"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    // A hundred thousand messages to a slow caller take longer than a usual call.
    package static let timeout = Duration.seconds(120)
    package static let thread = HandlerThread.connection

    package typealias Element = EchoMessage

    package let count: Int

    private enum CodingKeys: Int, CodingKey {
        case count = 1
    }

    package init(count: Int) { self.count = count }
}

/// Sends the bytes back as they came.
package struct EchoBlob: RPCMethod {
    package static let name: MethodName = "echo.blob.echo"
    package static let access = Access.everyone
    package static let section = Section.operational
    package static let repeatability = Repeatability.readOnly
    package static let thread = HandlerThread.connection

    package typealias Reply = EchoBlob

    package let bytes: [UInt8]

    private enum CodingKeys: Int, CodingKey {
        case bytes = 1
    }

    package init(bytes: [UInt8]) { self.bytes = bytes }
}
