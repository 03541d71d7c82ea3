import EvaluationServer
import Shared

@main
enum Main {
    static func main() async {
        await runDaemon(EvaluationService.self)
    }
}
