import ArgumentParser
import Common
import DataSets
import Foundation
import Images
import Reporting
import Study

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write an experiment that fits your images and this machine.",
    discussion: """
      DATA is a folder with one folder of images per class, a zip file of one, or a data set that has train and val folders. \
      Images without splits are copied to a new data set, with a share of each class for validation. The command decodes \
      every image, lists what is wrong, measures the mean and standard deviation of the channels, times a few networks, \
      and writes the largest grid that can be trained within --budget.

      Examples:
        sweep init photos.zip
        sweep init my-photos -o experiment.json --budget 2h
        sweep init data/animals-10 --budget 30m
      """)

  @Argument(help: "The images: a folder or a zip file.", completion: .file())
  var data: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The experiment file to write; default: the data's name with .json.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The data set to create if DATA has no splits; default: data/NAME.", valueName: "folder"),
    completion: .directory)
  var into: String?

  @Option(help: "The time limit for training: 90s, 30m, 2h.")
  var budget = TimeBudget(seconds: 300)

  @Option(help: "The fraction of each class used for validation.")
  var valFraction = 0.2

  @Option(help: "The fraction of each class used for a test split.")
  var testFraction = 0.0

  @Option(help: "The seed of the random choice of validation images.")
  var seed: UInt64 = 0

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let name = Self.name(of: data)
    let output = output ?? "\(name).json"
    guard !FileManager.default.fileExists(atPath: output) else {
      throw SweepError(
        .usage, at: output, "the file exists already", advice: "choose another with -o")
    }
    let root = try dataSet(name)
    let (train, val, test) = Self.splits(of: root) ?? ("train", "val", nil)
    let check = try DataMeter.watch { progress throws(SweepError) in
      try DataSetCheck(
        root: root, train: train, val: val, test: test, threads: threads.count,
        progress: progress)
    }
    if !json { try Output.write(check.text) }
    if let verdict = check.verdict { throw verdict }
    let statistics = try DataMeter.watch { progress throws(SweepError) in
      try ChannelStatistics(
        of: ImageFolder(root: root, split: train), threads: threads.count, progress: progress)
    }
    let images = ExperimentDraft.Images(
      root: Self.path(of: root, from: output.parentFolder), train: train, val: val, test: test,
      mean: statistics.pooledMean, std: statistics.pooledStd, medianSide: statistics.medianSide)
    let draft = try ExperimentDraft(
      name: name, file: output, images: images,
      data: DataSet(root: root, train: train, val: val, test: test), budget: budget.seconds,
      engine: makeEngine(threads: threads.count), threads: threads.count)
    try AtomicFile.write(Data(draft.text.utf8), to: output)
    let next = [Next("check", output), Next("run", output)]
    if json {
      return try Output.write(
        .listing(
          "init", .init("file", .string(output)), .init("experiment", .string(name)),
          .init("data", .object(check.members)),
          .init("estimated_seconds", .number(draft.seconds)),
          .init("budget_seconds", .number(budget.seconds)),
          .init("next", .array(next.map { .string($0.line) }))))
    }
    try Output.write("\n\(draft.text)")
    Output.note("\n\(remark(draft, output))\(Next.text(next))")
  }

  private func remark(_ draft: ExperimentDraft, _ output: String) -> String {
    let time = Format.duration(draft.seconds)
    guard draft.seconds > budget.seconds else { return "\(output): about \(time) of training\n" }
    return "\(output): even the smallest grid takes about \(time), longer than --budget\n"
  }

  /// The data set's folder: DATA if it has splits, otherwise a new one.
  private func dataSet(_ name: String) throws(SweepError) -> String {
    if Self.splits(of: data) != nil { return data }
    let root = into ?? "data/\(name)"
    let order = try DataSetImport(
      source: data, valFraction: valFraction, testFraction: testFraction, seed: seed)
    let outcome = try DataMeter.watch { progress throws(SweepError) in
      try order.run(to: root, progress: progress)
    }
    guard !json else { return root }
    for remark in outcome.remarks { Output.note("\(remark)\n") }
    Output.note("the data set is in \(root)\n")
    return root
  }

  /// The folders of the training, validation and test images in a data set; nil if it has none.
  private static func splits(of root: String) -> (train: String, val: String, test: String?)? {
    guard let folders = try? FolderListing(of: root).ownFolders, folders.contains("train") else {
      return nil
    }
    return ["val", "valid", "validation", "test"].first { folders.contains($0) }.map {
      ("train", $0, folders.contains("test") && $0 != "test" ? "test" : nil)
    }
  }

  /// The experiment's name: the data's, with invalid characters replaced.
  private static func name(of data: String) -> String {
    let path = URL(fileURLWithPath: data).standardizedFileURL.path
    var name = path.lastPathPart
    if name.lowercased().hasSuffix(".zip") { name = String(name.dropLast(4)) }
    let valid = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    let trimmed = String(valid.drop { !$0.isLetter && !$0.isNumber }.prefix(60))
    return trimmed.isEmpty ? "experiment" : trimmed
  }

  /// A path relative to the experiment file's folder; absolute paths do not change.
  private static func path(of root: String, from folder: String) -> String {
    guard !root.hasPrefix("/"), !folder.isEmpty, folder != "." else { return root }
    guard !folder.hasPrefix("/") else { return URL(fileURLWithPath: root).standardizedFileURL.path }
    let up = folder.split(separator: "/").filter { $0 != "." }.map { _ in "../" }.joined()
    return folder.contains("..") ? URL(fileURLWithPath: root).standardizedFileURL.path : up + root
  }
}

/// A command-line duration: `90s`, `30m`, `2h`.
struct TimeBudget: ExpressibleByArgument, CustomStringConvertible {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let last = argument.last, let unit = units[last],
      let number = Double(argument.dropLast()), number > 0, number.isFinite
    else { return nil }
    seconds = number * unit
  }

  var description: String { Format.fixed(seconds / 60, decimals: 0) + "m" }
  var defaultValueDescription: String { description }
}
