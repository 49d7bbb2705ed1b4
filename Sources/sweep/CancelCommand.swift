import ArgumentParser
import Cluster
import Common
import Results

/// `sweep cancel`: ends what is left of what was submitted.
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End what Slurm has left to do of experiments.",
    discussion: """
      Tasks that run save and end; what was trained is put into the store by the job that waits for the array's end. \
      `sweep submit` sends the rest again, which goes on from its checkpoints.

      Examples:
        sweep cancel
        sweep cancel --experiment animals10
      """)

  @Option(help: "One experiment instead of all.")
  var experiment: String?

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  func run() throws {
    let known = try Store.read(store).experiments().map(\.name)
    if let experiment, !known.contains(experiment) {
      throw SweepError(
        .badInput, at: store, "there is no experiment \(experiment) here",
        advice: Spelling.advice(for: experiment, among: known))
    }
    let names = experiment.map { [$0] } ?? known
    let folders = try names.map { try ClusterFolder(store: store, experiment: $0) }.filter(\.exists)
    var tasks = 0
    for folder in folders {
      let counts = try Cancellation(folder).counts
      tasks += counts.tasks
      if counts.submissions + counts.tasks > 0 {
        try Output.write(
          "\(folder.experiment): \(Format.count(counts.tasks, "queued or running task")) canceled\n"
        )
      }
    }
    if tasks == 0 { try Output.write("nothing is queued or running\n") }
  }
}
