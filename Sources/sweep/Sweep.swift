import ArgumentParser

@main
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train MobileNets over width multipliers and resolutions, and compare them.",
    subcommands: [
      StatusCommand.self, ReportCommand.self, SummaryCommand.self, BenchCommand.self,
      DataCommand.self,
    ])
}
