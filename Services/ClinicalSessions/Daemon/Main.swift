import ClinicalServer
import Shared

@main
enum Main {
    static func main() async {
        await runDaemon(ClinicalService.self)
    }
}
