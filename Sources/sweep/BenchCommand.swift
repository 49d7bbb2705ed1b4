import ArgumentParser
import Common
import Networks
import Reporting

/// `sweep bench`: how fast a network trains here.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a training step and an evaluation of a network on synthetic images.",
    discussion: """
      The machine is measured too: its peak of multiply-adds on registers, and its memory's bandwidth. A training step \
      counts 6 operations for each multiply-accumulate of a forward pass, an evaluation 2. Times are medians; run it on \
      an idle machine.

      With --layers, each layer's forward and backward pass: the operations and bytes a second that it reaches, the \
      share of what its operations and bytes allow (its roofline), and the milliseconds that are lost to it.

      Examples:
        sweep bench --model mobilenet_v2 --width 0.35 --resolution 96 --batch-size 64
        sweep bench --model mobilenet_v2 --layers
        sweep bench --model mobilenet_v1 --threads 1 --json
      """)

  @Option(help: "The network: \(Architecture.names.joined(separator: ", ")); or a network's file.")
  var model = "mobilenet_v2"

  @Option(name: [.short, .long], help: "The width multiplier.")
  var width = 1.0

  @Option(name: [.short, .long], help: "Height and width of the images, 1 to 16384.")
  var resolution = 224

  @Option(help: "The number of classes.")
  var classes = 10

  @Option(help: "Images in a batch, 1 to 65536.")
  var batchSize = 32

  @Option(help: "How channel counts are rounded.")
  var channels = ChannelRounding.truncate

  @OptionGroup var threads: ThreadOptions

  @Option(help: "How many steps and evaluations are timed, 1 to 1000.")
  var repetitions = 5

  @Flag(help: "Show every layer.")
  var layers = false

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  /// Bytes that measuring the memory's bandwidth takes.
  private static let bytes = 512 << 20

  func validate() throws {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard !range.contains(value) else { return }
      throw ValidationError(
        "--\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
    }
    try check("resolution", resolution, 1...16384)
    try check("classes", classes, 1...1_000_000)
    try check("batch-size", batchSize, 1...65536)
    try check("repetitions", repetitions, 1...1000)
  }

  func run() throws {
    let engine = makeEngine(threads: threads.count)
    if let free = engine.freeMemory, free < Self.bytes {
      throw SweepError(
        .resources, at: "bench",
        "it takes \(Format.bytes(Self.bytes)) of memory, \(Format.bytes(free)) are free",
        advice: "close other programs, or raise the limit")
    }
    let report = try BenchmarkReport(
      try network(), resolution: resolution, batchSize: batchSize, on: engine,
      repetitions: repetitions, byLayer: layers)
    try Output.write(json ? report.json.lines + "\n" : report.text)
  }

  private func network() throws(SweepError) -> Network {
    do throws(SweepError) {
      let network = try Network.named(model, width: width, classes: classes, rounding: channels)
      try network.check(resolution: resolution)
      return network
    } catch {
      throw error.asUsage
    }
  }
}
