import ArgumentParser
import Common

@main
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train MobileNets over width multipliers and resolutions, and compare them.",
    version: ProgramVersion.current,
    subcommands: [
      InitCommand.self, CheckCommand.self, PreviewCommand.self, PlanCommand.self, RunCommand.self,
      LsCommand.self, ShowCommand.self, StatusCommand.self, ReportCommand.self, ServeCommand.self,
      PredictCommand.self, EvaluateCommand.self, ExportCommand.self, VerifyCommand.self,
      NoteCommand.self, RenameCommand.self, RmCommand.self, PruneCommand.self, StopCommand.self,
      SqlCommand.self,
      MergeCommand.self, SubmitCommand.self, CancelCommand.self, TaskCommand.self,
      CollectCommand.self,
      SummaryCommand.self, BenchCommand.self, DataCommand.self,
    ])
}
