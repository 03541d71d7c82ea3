internal import RPC
internal import Storage
internal import Vocabulary

extension Records {
    var bulkReadingHandlers: [Handler] {
        [
            review(ReviewBulkReading.self),
            .unary(ListBulkReadings.self) { call, context in
                try await look(call, context) { snapshot in
                    ListBulkReadings.Reply(
                        readings: try snapshot.events(
                            BulkReading.self, includingReviewed: call.includingReviewed ?? false))
                }
            },
        ]
    }
}
