import ArgumentParser
import Common
import DataSets
import Foundation
import Images
import Reporting
import Results
import Study

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Retrain a record's cells and compare the results bit by bit.",
    discussion: """
      FOLDER is what `sweep export --record` wrote. The cells are trained in a temporary store, and every figure and \
      all weights are compared: they must be identical to the bit on any machine. The first difference of each cell \
      is printed; the exit code is then 1. --store compares the results in a store with the record and trains nothing.

      Examples:
        sweep verify results/published/quickstart --data data/quickstart
        sweep verify results/published/quickstart --data data/quickstart --cell mobilenet_v2-w0.35-r48-s0
        sweep verify results/published/quickstart --store results/sweep.sqlite
      """)

  @Argument(help: "The folder of the record.", completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("Check only this cell. May be repeated.", valueName: "id"),
    completion: Completions.recordedCells)
  var cell: [String] = []

  @Option(
    help: ArgumentHelp(
      "The folder of the images; default: the experiment file's.",
      valueName: "folder"),
    completion: .directory)
  var data: String?

  @Flag(help: "Train even if the images differ from the record's; results will differ.")
  var otherImages = false

  @Option(
    help: ArgumentHelp(
      "Compare with the results in this store instead of training.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if store != nil && data != nil { throw ValidationError("--data cannot be used with --store") }
  }

  func run() throws {
    var record = try ResultRecord(folder: folder)
    if !cell.isEmpty {
      for id in cell where !record.cells.contains(where: { $0.id == id }) {
        throw SweepError(
          .usage, at: "--cell \(id)", "the record has no such cell",
          advice: Spelling.advice(for: id, among: record.cells.map(\.id)))
      }
      record.cells.removeAll { !cell.contains($0.id) }
    }
    if let store {
      let found = try ResultRecord(of: record.experiment, in: Store.read(store))
      if found.dataFingerprint != record.dataFingerprint {
        let changes = record.changes(to: found.data)
        Output.note("sweep: the store's images differ from the record's: \(changes)\n")
      }
      try compare(record, with: found)
    } else {
      try compare(record, with: train(record))
    }
  }

  /// Prints one line for each cell that differs, and a summary.
  private func compare(_ record: ResultRecord, with found: ResultRecord) throws {
    let differences = record.differences(to: found).compactMap { cell, difference in
      difference.map { (cell: cell.id, text: $0.text) }
    }
    let differing = differences.count
    let count = Format.count(record.cells.count, "cell")
    if json {
      let list = differences.map {
        ["cell": .string($0.cell), "difference": .string($0.text)] as JSON
      }
      try Output.write(
        .listing(
          "verify", .init("record", .string(folder)), .init("cells", .integer(record.cells.count)),
          .init("differences", .array(list))))
    } else {
      for (cell, text) in differences { try Output.write("\(cell): \(text)\n") }
    }
    guard differing > 0 else {
      guard !json else { return }
      return try Output.write("identical to the record in \(folder) to the bit: \(count)\n")
    }
    if found.makers != record.makers {
      let makers = [record, found].map { $0.makers.joined(separator: "; ") }
      Output.note("sweep: the record was made with \(makers[0]), these results with \(makers[1])\n")
    }
    throw SweepError(
      .runFailed,
      "\(differing) of \(count) \(differing == 1 ? "differs" : "differ") from the record in \(folder)"
    )
  }

  /// Trains the record's cells in a temporary store.
  private func train(_ record: ResultRecord) throws -> ResultRecord {
    let threads = threads.count
    var experiment = try Experiment(contentsOf: "\(folder)/experiment.json")
    if let data { experiment = experiment.withImages(in: data) }
    experiment = try experiment.restricted(
      to: record.cells.map(\.id), source: "\(folder)/cells.tsv")
    let images = try openImages(experiment.dataset)
    let engine = makeEngine(threads: threads)
    var plan = try Plan(experiment, data: DataSize(images), engine: engine)
    let interrupt = Interrupt()
    let watch = interrupt.watchSignals(message: "stopping; Ctrl-C again stops at once\n")
    defer { withExtendedLifetime(watch) {} }
    let scan = try DataMeter.watch(interrupt: interrupt) { progress throws(SweepError) in
      try DataSetScan(images.splits, threads: threads, progress: progress)
    }
    let fingerprint = try scan.fingerprint()
    if fingerprint != record.dataFingerprint {
      let changes = record.changes(to: scan.listing)
      guard otherImages else {
        throw SweepError(
          .badInput, at: images.root, "the images differ from the record's: \(changes)",
          advice: "put them back, or train on these with --other-images")
      }
      Output.note("sweep: the images differ from the record's: \(changes)\n")
    }
    let batches = DataSetBatches(
      images, fingerprint: fingerprint, files: scan.listing, workers: threads)
    try SpeedModel(plan, engine: engine, batches: batches).estimate(&plan)
    let time = plan.estimatedSeconds.map { "about \(Format.duration($0))" } ?? "an unknown time"
    Output.note("training \(Format.count(plan.items.count, "cell")) again takes \(time)\n")

    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("sweep-verify-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try Folder.create(scratch)
    let store = try Store.open("\(scratch)/sweep.sqlite")
    let printer = ProgressPrinter(.plain, write: Output.note)
    defer { printer.end() }
    var setup = SweepSetup(
      plan: plan, store: store, engine: engine, batches: batches,
      environment: RunEnvironment(device: engine.device, libraries: Image.libraries))
    setup.interrupt = interrupt
    do {
      try SweepRunner(setup, observer: printer).run()
    } catch {
      if error.kind == .interrupted {
        throw SweepError(.interrupted, "interrupted; nothing was compared")
      }
      // The comparison names failed cells, unless nothing is left to compare.
      guard let found = try? ResultRecord(of: experiment.name, in: store) else { throw error }
      return found
    }
    return try ResultRecord(of: experiment.name, in: store)
  }
}

extension VerifyCommand {
  private func openImages(_ dataset: Experiment.Dataset) throws(SweepError) -> DataSet {
    do {
      return try DataSet(dataset)
    } catch {
      guard data == nil else { throw error }
      throw error.with(advice: "name the folder of the images with --data")
    }
  }
}

extension ResultDifference {
  fileprivate var text: String {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }
    switch self {
    case .initialWeights: return "the initial weights differ"
    case .figure(let epoch, let name, let recorded, let found):
      return
        "epoch \(epoch): \(name) is \(number(found)), in the record \(number(recorded))"
    case .epochs(let recorded, let found):
      return "\(Format.count(found, "epoch")), in the record \(recorded)"
    case .finalWeights: return "all figures are identical, but the final weights differ"
    case .notDone: return "not done"
    }
  }
}
