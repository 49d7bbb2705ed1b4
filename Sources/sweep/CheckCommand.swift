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
        sweep check experiments/animals10.json --json | jq '.mistakes[]'
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    var findings = Findings(isSilent: json)
    do {
      try check(&findings)
    } catch let error as SweepError where json && error.kind == .badInput {
      try Output.write(listing(findings, mistakes: [error] + error.others))
      throw error
    }
    let next = [Next("preview", file), Next(["run", file], store: store)]
    if json {
      try Output.write(listing(findings, next: next))
    } else {
      Output.note(Next.text(next))
    }
  }

  /// What was found, printed at once unless it is silent.
  private struct Findings {
    let isSilent: Bool
    var members: [JSON.Member] = []

    func report(_ subject: String, _ finding: String) throws(SweepError) {
      guard !isSilent else { return }
      let padding = String(repeating: " ", count: max(0, 8 - subject.count))
      try Output.write("\(subject)\(padding)\(finding)\n")
    }

    mutating func report(_ subject: String, need bytes: Int, free: Int?) throws(SweepError) {
      members += [
        .init("\(subject)_bytes", .integer(bytes)), .init("free_\(subject)_bytes", .integer(free)),
      ]
      guard let free else { return try report(subject, Format.bytes(bytes)) }
      let verdict = bytes > free ? "NOT ENOUGH: " : ""
      try report(
        subject, "\(verdict)needs \(Format.bytes(bytes)), \(Format.bytes(free)) are free")
    }
  }

  private func check(_ findings: inout Findings) throws {
    let experiment = try Experiment(contentsOf: file)
    findings.members = [
      .init("experiment", .string(experiment.name)),
      .init("cells", .integer(experiment.cells.count)),
    ]
    try findings.report("file", "\(Format.count(experiment.cells.count, "cell")), no mistakes")
    let dataset = experiment.dataset
    let check = try DataMeter.watch { progress throws(SweepError) in
      try DataSetCheck(
        root: dataset.root, train: dataset.train, val: dataset.folds == nil ? dataset.val : nil,
        test: dataset.test,
        excluding: dataset.exclusions, threads: threads.count, progress: progress)
    }
    findings.members.append(.init("data", .object(check.members)))
    if let verdict = check.verdict {
      if !json { try Output.write(check.text) }
      throw verdict
    }
    let data = try DataSet(dataset)
    let counts = data.splits.map { Format.grouped($0.samples.count) }.joined(separator: " + ")
    try findings.report("images", "\(counts) in \(data.classes.count) classes, all decoded")
    for remark in [data.exclusionRemark, check.unused.remark, check.scan.remark].compactMap(\.self)
    {
      try findings.report("", remark)
    }
    let engine = makeEngine(threads: threads.count)
    var plan = try Plan(experiment, data: DataSize(data), engine: engine)
    try findings.report("memory", need: plan.leastMemoryBytes, free: engine.freeMemory)
    let folder = store.parentFolder.isEmpty ? "." : store.parentFolder
    try findings.report("disk", need: plan.diskBytes, free: FreeSpace.bytes(at: folder))
    if FileManager.default.fileExists(atPath: store) {
      try SweepRunner.refuseChangedRecipe(experiment, in: Store.read(store))
      try findings.report("store", "\(store) has no results with another recipe")
    } else {
      try findings.report("store", "\(store) will be created")
    }
    try SpeedModel(
      plan, engine: engine,
      batches: DataSetBatches(data, fingerprint: "", workers: threads.count)
    ).estimate(&plan)
    findings.members.append(.init("estimated_seconds", .number(plan.estimatedSeconds)))
    try findings.report(
      "time", plan.estimatedSeconds.map { "about " + Format.duration($0) } ?? "unknown")
  }

  /// The listing; what was not checked because of a mistake is missing.
  private func listing(
    _ findings: Findings, mistakes: [SweepError] = [], next: [Next] = []
  ) -> JSON {
    let list = mistakes.map { error in
      [
        "place": .string(error.location), "message": .string(error.message),
        "advice": .string(error.advice),
      ] as JSON
    }
    return .listing(
      "check",
      [.init("file", .string(file)), .init("mistakes", .array(list))] + findings.members
        + [.init("next", .array(next.map { .string($0.line) }))])
  }
}
