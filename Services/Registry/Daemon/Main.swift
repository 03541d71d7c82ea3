import RegistryServer
import Shared

@main
enum Main {
    static func main() async {
        await runDaemon(RegistryService.self)
    }
}
