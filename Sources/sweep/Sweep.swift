import ArgumentParser
import Common

@main
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train MobileNets over width multipliers and resolutions, and compare them.",
    version: ProgramVersion.current,
    subcommands: [
      PlanCommand.self, RunCommand.self, VerifyCommand.self, MergeCommand.self, PruneCommand.self,
      StatusCommand.self, ReportCommand.self, SubmitCommand.self, CancelCommand.self,
      TaskCommand.self, CollectCommand.self,
      ServeCommand.self, PredictCommand.self, EvaluateCommand.self, ExportCommand.self,
      SummaryCommand.self, BenchCommand.self, DataCommand.self,
    ])
}
