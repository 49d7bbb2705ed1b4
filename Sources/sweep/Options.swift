import ArgumentParser
import Common
import Images
import Networks
import Results

struct NetworkOptions: ParsableArguments {
  static let modelHelp =
    "The network: \(Architecture.names.joined(separator: ", ")); or a network's file."

  @Option(name: [.short, .long], help: "The width multiplier.", completion: Completions.widths)
  var width = 1.0

  @Option(
    name: [.short, .long], help: "Height and width of the images, 1 to 16384.",
    completion: Completions.resolutions)
  var resolution = 224

  @Option(help: "The number of classes.")
  var classes = 10

  @Option(help: "How channel counts are rounded.")
  var channels = ChannelRounding.truncate

  /// The options that are not the defaults.
  var words: [String] {
    let usual = (width: 1.0, resolution: 224, classes: 10, channels: ChannelRounding.truncate)
    return (width == usual.width ? [] : ["--width", "\(width)"])
      + (resolution == usual.resolution ? [] : ["--resolution", "\(resolution)"])
      + (classes == usual.classes ? [] : ["--classes", "\(classes)"])
      + (channels == usual.channels ? [] : ["--channels", channels.rawValue])
  }

  func validate() throws {
    try check("resolution", resolution, 1...16384)
    try check("classes", classes, 1...1_000_000)
  }

  /// Errors in `model` are usage errors, unless they are about a file.
  func network(_ model: String) throws(SweepError) -> Network {
    do throws(SweepError) {
      let network = try Network.named(model, width: width, classes: classes, rounding: channels)
      try network.check(resolution: resolution)
      return network
    } catch {
      guard error.location.isEmpty else { throw error }
      throw SweepError(.usage, error.message, advice: error.advice)
    }
  }
}

extension ChannelRounding: ExpressibleByArgument {}

func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
  guard !range.contains(value) else { return }
  let most =
    range.upperBound == .max
    ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
  throw ValidationError("--\(option) must be \(most), not \(value)")
}

struct DataSetOptions: ParsableArguments {
  @Argument(help: "The data set's folder.", completion: .directory)
  var root: String
  @Option(help: "The folder of training images in it.")
  var train = "train"
  @Option(help: "The folder of validation images in it.")
  var val = "val"
  @Option(help: "The folder of test images in it.")
  var test: String?
  @Option(
    help: ArgumentHelp("Leave out the images that this file lists.", valueName: "path"),
    completion: .file())
  var exclude: String?
  @OptionGroup var threads: ThreadOptions

  func exclusions() throws(SweepError) -> ExclusionList {
    guard let exclude else { return ExclusionList([]) }
    return try ExclusionList(contentsOf: exclude)
  }
}

struct StoreOptions: ParsableArguments {
  @Option(
    help: "The experiment (default: the most recent one, or all if the command accepts several).",
    completion: Completions.experiments)
  var experiment: String?

  @Option(
    help: ArgumentHelp("The store; weights are in a folder beside it.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store = Store.defaultPath

  /// The experiment's name; reports the choice on standard error if there are several.
  func chosen(in store: Store) throws(SweepError) -> String {
    let chosen = try store.chooseExperiment(experiment)
    let count = try store.experiments().count
    if experiment == nil && count > 1 {
      Output.note("sweep: using \(chosen), the latest experiment; --experiment selects another\n")
    }
    return chosen
  }

  /// The cells with the given names.
  func cells(_ names: [String], in store: Store) throws(SweepError) -> [CellRecord] {
    let experiment = try chosen(in: store)
    var cells: [CellRecord] = []
    for name in names { cells.append(try store.cell(named: name, of: experiment)) }
    return cells
  }

  static let cellHelp = ArgumentHelp(
    "The cell: an id (see `sweep plan`), best or best:MODEL for the most accurate one, or last "
      + "for the most recent one. A cell in training uses its latest checkpoint.")
}

struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads; default: all available processors.")
  var threads: Int?

  var count: Int { threads ?? Processors.available }

  func validate() throws { try check("threads", count, 1...Threads.maximum) }
}
