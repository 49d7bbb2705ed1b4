import ArgumentParser
import Common
import Foundation
import Images
import Reporting
import Results
import Study

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract:
      "Show an experiment's cells with their cost, time, memory and disk space on this machine.",
    discussion: """
      Times are estimated from a few seconds of training steps on this machine: those of training, validation and the \
      preparation of images without other programs. If other programs run, the plan says how much longer it then takes. \
      Without the data set, costs are shown for \(Plan.assumedClasses) classes and without times. Nothing is written.

      With --store, the plan shows what is left: no cells that are done or have failed, and only the epochs that are missing.

      Examples:
        sweep plan experiments/animals10.json
        sweep plan experiments/animals10.json --json | jq .estimated_seconds
        sweep plan experiments/animals10.json --only model=mobilenet_v2 --store results/sweep.sqlite
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Take the images from this folder instead of the one in the experiment file.",
      valueName: "folder"),
    completion: .directory)
  var dataRoot: String?

  @Option(
    help: ArgumentHelp(
      "Show only these cells; an axis named twice takes both values. May be repeated.",
      valueName: "axis=value,…"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Show only what is left according to this store.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    var experiment = try Experiment(contentsOf: file)
    if let dataRoot { experiment = experiment.withImages(in: dataRoot) }
    var data: DataSet?
    do {
      data = try DataSet(experiment.dataset)
    } catch {
      if access(experiment.dataset.root, F_OK) == 0 { throw error }
      Output.note(
        "sweep: times are unknown, and costs are for \(Plan.assumedClasses) classes: \(error)\n")
    }
    let engine = makeEngine(threads: threads.count)
    var plan = try Plan(experiment, data: data.map(DataSize.init), engine: engine)
      .restricted(to: try only.map { try GridClause(argument: $0, grid: experiment.grid) })
    if let store { plan = try plan.remaining(in: Store.read(store)) }
    if let data {
      let batches = DataSetBatches(
        data, fingerprint: "", workers: try DecodedSize(data).threads(threads.count))
      plan.inputBytes = batches.mostBytes
      do {
        try SpeedModel(plan, engine: engine, batches: batches).estimate(&plan)
      } catch {
        Output.note("sweep: times are unknown: \(error)\n")
      }
    }
    if json { return try Output.write(plan.json) }
    try Output.write(plan.text)
    if data != nil { Next.note(Next("run", file)) }
  }
}

extension DataSet {
  /// Lists the folders of an experiment file's data set.
  init(_ dataset: Experiment.Dataset) throws(SweepError) {
    try self.init(
      root: dataset.root, train: dataset.train, val: dataset.val, test: dataset.test,
      folds: dataset.folds, excluding: dataset.exclusions)
  }
}
