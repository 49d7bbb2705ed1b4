import ArgumentParser
import Cluster
import Common
import Results

struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancel the queued and running Slurm tasks of experiments.",
    discussion: """
      Running tasks save their state and end. The job that waits for the end of the array then merges the results into the \
      store. `sweep submit` submits the rest again; it continues from the checkpoints.

      Examples:
        sweep cancel
        sweep cancel --experiment animals10
      """)

  @OptionGroup var stored: StoreOptions

  func run() throws {
    let store = try Store.read(stored.store)
    let names =
      try stored.experiment.map { [try store.chooseExperiment($0)] }
      ?? store.experiments().map(\.name)
    let folders = try names.map { try ClusterFolder(store: stored.store, experiment: $0) }
      .filter(\.exists)
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
    Next.note(Next("status", in: store))
  }
}
