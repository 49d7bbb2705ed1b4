import ArgumentParser
import Common
import DataSets
import Foundation
import Images
import Reporting
import Results
import Study

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train the unfinished cells of an experiment and record the results.",
    discussion: """
      Ctrl-C stops after the current step and saves; the same command continues from there. It also runs cells that were \
      added to the file and continues with more epochs if the file asks for them; finished cells are left alone. If a cell \
      fails or diverges, this is recorded, the others continue, and the exit code is 1; --retry-failed runs such cells again.

      Several sweeps may run one experiment on one store at the same time: they share the cells. Machines without a shared \
      disk each run a part with --shard into their own store; `sweep merge` merges the stores.

      Examples:
        sweep run experiments/animals10.json
        sweep run experiments/animals10.json --only model=mobilenet_v2,width=0.35
        sweep run experiments/animals10.json --html results/animals10
        sweep run experiments/animals10.json --threads 8 --progress plain 2> log
        sweep run experiments/animals10.json --shard 2/5 --store shard2.sqlite
        sweep run experiments/animals10.json --retry-failed
      """)

  enum Progress: String, ExpressibleByArgument, CaseIterable {
    case auto, plain, none
  }

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Run only these cells; an axis named twice takes both values. May be repeated.",
      valueName: "axis=value,…"),
    completion: Completions.clauses)
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "Run only this part of the grid; all parts have about the same cost.", valueName: "k/n"))
  var shard: String?

  @Option(
    help: ArgumentHelp(
      "Run only the cells whose ids are in this file, one per line.", valueName: "path"),
    completion: .file())
  var cellsFrom: String?

  @Option(
    help: ArgumentHelp(
      "Take the images from this folder instead of the one in the experiment file.",
      valueName: "folder"),
    completion: .directory)
  var dataRoot: String?

  @Flag(help: "Run only the cells that failed or diverged.")
  var retryFailed = false

  @Flag(help: "Run only the cells whose weights or checkpoints are missing or damaged.")
  var retrainLost = false

  @Flag(
    help:
      "Continue although the images have changed; the changes are recorded. Classes cannot change.")
  var acceptDataChange = false

  @Option(help: ArgumentHelp("Time between two checkpoints.", valueName: "seconds"))
  var checkpointEvery = 300.0

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp("The store; weights are in a folder beside it.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store = Store.defaultPath

  @Option(
    help: "auto: a live table on a terminal, otherwise plain; plain: one line per epoch; none.")
  var progress = Progress.auto

  @Option(
    help: ArgumentHelp(
      "Keep a page with figures up to date in this folder (index.html).",
      valueName: "folder"),
    completion: .directory)
  var html: String?

  @Option(
    help: ArgumentHelp(
      "A shell command to run at the end; it gets a summary in JSON on its standard input.",
      valueName: "command"))
  var onEnd: String?

  @Flag(help: "Print a summary in JSON at the end.")
  var json = false

  @Option(help: .hidden)
  var fingerprint: String?

  /// Set by a scheduler: only this process writes the store, failed cells are retried, and only
  /// SIGKILL ends it at once.
  @Flag(help: .hidden)
  var task = false

  func validate() throws {
    if !(checkpointEvery >= 0) { throw ValidationError("--checkpoint-every must be at least 0") }
    if retryFailed && retrainLost {
      throw ValidationError("use --retry-failed or --retrain-lost, not both")
    }
  }

  func run() throws {
    let threads = threads.count
    let experiment = try experiment()
    let data = try DataSet(experiment.dataset)
    let engine = makeEngine(threads: threads)
    let plan = try Plan(experiment, data: DataSize(data), engine: engine)
    var options = SweepRunner.Options()
    options.only = try only.map { try GridClause(argument: $0, grid: experiment.grid) }
    options.shard = try shard.map { try Shard(argument: $0) }
    options.retryFailed = retryFailed
    options.retrainLost = retrainLost
    options.alsoFailed = task
    options.isAlone = task
    options.acceptDataChange = acceptDataChange
    options.checkpointEvery = checkpointEvery
    let interrupt = Interrupt()
    let remark = "stopping; Ctrl-C again stops at once"
    // Below the live table and without a line break, so that the next redraw overwrites it.
    let line = isLive ? "\r\(remark)" : "\(remark)\n"
    let watch = interrupt.watchSignals(isPatient: task, message: line)
    defer { withExtendedLifetime(watch) {} }
    let prepared = try Preparation(
      experiment, data, store: store, threads: threads, expected: fingerprint,
      isShared: task ? true : nil, isSilent: progress == .none, interrupt: interrupt
    ) { () throws(SweepError) in if let html { try PageFolder(html).prepare() } }
    let store = prepared.store
    let printer = try printer(in: ResultFolder(of: experiment.name, in: store).path)
    let ticker = printer.map { Terminal.redraw($0) }
    let page = html.map { folder in
      PageObserver(
        PageFolder(folder), experiment: experiment.name, store: store, next: printer)
    }
    // This also runs after an error or interrupt.
    defer {
      ticker?.cancel()
      printer?.end()
      page?.end(isInterrupted: interrupt.isRequested && !task)
    }
    var setup = SweepSetup(
      plan: plan, store: store, engine: engine,
      batches: DataSetBatches(
        data, fingerprint: prepared.fingerprint, files: prepared.files, workers: threads,
        interrupt: interrupt),
      environment: RunEnvironment(
        device: engine.device,
        libraries: Image.libraries.merging(["sqlite": try store.sqliteVersion()]) { $1 }))
    setup.options = options
    setup.interrupt = interrupt
    let summary = RunSummary(experiment: experiment, store: store, onEnd: onEnd, json: json)
    do {
      try SweepRunner(setup, observer: page ?? printer).run()
      printer?.end()
      try summary.end(.done, isSilent: progress == .none)
    } catch {
      printer?.end()
      try summary.end(
        error.kind == .interrupted ? .interrupted : .failed, isSilent: progress == .none)
      throw error
    }
  }

  private func experiment() throws(SweepError) -> Experiment {
    var experiment = try Experiment(contentsOf: file)
    if let dataRoot { experiment = experiment.withImages(in: dataRoot) }
    guard let cellsFrom else { return experiment }
    guard let text = try? String(contentsOfFile: cellsFrom, encoding: .utf8) else {
      throw SweepError(
        .badInput, at: cellsFrom, "cannot read the list of cells", advice: "check the path")
    }
    let ids = text.split(whereSeparator: \.isNewline).map(String.init)
    guard !ids.isEmpty else {
      throw SweepError(
        .badInput, at: cellsFrom, "the list has no cells", advice: "write one cell id per line")
    }
    return try experiment.restricted(to: ids, source: cellsFrom)
  }

  private func printer(in folder: String) -> ProgressPrinter? {
    if progress == .none { return nil }
    guard isLive else { return ProgressPrinter(.plain, write: { Output.note($0) }) }
    let meter = ResourceMeter(folder: folder)
    return ProgressPrinter(.live { Terminal.table(usage: meter.usage) }, write: { Output.note($0) })
  }

  private var isLive: Bool { progress == .auto && Terminal.isInteractive }
}
