import ArgumentParser
import Common
import DataSets
import Foundation
import Images
import Reporting
import Results
import Study

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check an experiment without training: the file, the images, memory, disk and time.",
    discussion: """
      Reports all mistakes of the file at once. Reads and decodes every image. Compares the memory and the disk space that \
      the experiment needs with what is free, and the recipe with the results in the store. The exit code is 65 where \
      `sweep run` would refuse the experiment. Nothing is written.

      Examples:
        sweep check experiments/animals10.json
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let experiment = try Experiment(contentsOf: file)
    try report("file", "\(Format.count(experiment.cells.count, "cell")), no mistakes")
    let dataset = experiment.dataset
    let check = try DataMeter.watch { progress throws(SweepError) in
      try DataSetCheck(
        root: dataset.root, train: dataset.train, val: dataset.folds == nil ? dataset.val : nil,
        test: dataset.test,
        excluding: dataset.exclusions, threads: threads.count, progress: progress)
    }
    if let verdict = check.verdict {
      try Output.write(check.text)
      throw verdict
    }
    let data = try DataSet(dataset)
    let counts = data.splits.map { Format.grouped($0.samples.count) }.joined(separator: " + ")
    try report("images", "\(counts) in \(data.classes.count) classes, all decoded")
    for remark in [data.exclusionRemark, check.unused.remark, check.scan.remark].compactMap(\.self)
    {
      try report("", remark)
    }
    let engine = makeEngine(threads: threads.count)
    var plan = try Plan(experiment, data: DataSize(data), engine: engine)
    try reportNeed("memory", plan.leastMemoryBytes, free: engine.freeMemory)
    let folder = store.parentFolder.isEmpty ? "." : store.parentFolder
    try reportNeed("disk", plan.diskBytes, free: FreeSpace.bytes(at: folder))
    if FileManager.default.fileExists(atPath: store) {
      try SweepRunner.refuseChangedRecipe(experiment, in: Store.read(store))
      try report("store", "\(store) has no results with another recipe")
    } else {
      try report("store", "\(store) will be created")
    }
    try SpeedModel(
      plan, engine: engine,
      batches: DataSetBatches(data, fingerprint: "", workers: threads.count)
    ).estimate(&plan)
    try report("time", plan.estimatedSeconds.map { "about " + Format.duration($0) } ?? "unknown")
    Output.note("next: sweep run \(file)\n")
  }

  private func report(_ subject: String, _ finding: String) throws(SweepError) {
    let padding = String(repeating: " ", count: max(0, 8 - subject.count))
    try Output.write("\(subject)\(padding)\(finding)\n")
  }

  private func reportNeed(_ subject: String, _ bytes: Int, free: Int?) throws(SweepError) {
    guard let free else { return try report(subject, Format.bytes(bytes)) }
    let verdict = bytes > free ? "NOT ENOUGH: " : ""
    try report(
      subject, "\(verdict)needs \(Format.bytes(bytes)), \(Format.bytes(free)) are free")
  }
}
