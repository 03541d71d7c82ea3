import ArgumentParser

/// `pulih completion`: what a shell needs to complete commands, options and context names.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Prints the completion script of a shell.",
        discussion: """
            bash: source <(pulih completion bash)
            zsh:  pulih completion zsh > ~/.zfunc/_pulih
            fish: pulih completion fish | source
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish

        /// What the shell is to read.
        var script: String {
            switch self {
            case .bash: Main.completionScript(for: .bash)
            case .zsh: Main.completionScript(for: .zsh)
            case .fish: Main.completionScript(for: .fish)
            }
        }
    }

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() { Console.data(shell.script) }
}
