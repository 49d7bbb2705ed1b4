import ArgumentParser
import Common
import Reporting

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a training step and an evaluation of a network on synthetic images.",
    discussion: """
      Also measures the machine: its peak rate of multiply-adds in registers and its memory bandwidth. A training step \
      counts 6 operations per multiply-accumulate of a forward pass, an evaluation 2. Times are medians; run it on an idle \
      machine.

      With --layers, shows for each layer's forward and backward pass the operations and bytes per second, the fraction of \
      its roofline (what its operations and bytes allow on this machine), and the milliseconds lost against it.

      Examples:
        sweep bench --model mobilenet_v2 --width 0.35 --resolution 96 --batch-size 64
        sweep bench --model mobilenet_v2 --layers
        sweep bench --model mobilenet_v1 --threads 1 --json
      """)

  @Option(help: ArgumentHelp(NetworkOptions.modelHelp), completion: Completions.models)
  var model = "mobilenet_v2"

  @OptionGroup var network: NetworkOptions

  @Option(help: "Images per batch, 1 to 65536.")
  var batchSize = 32

  @OptionGroup var threads: ThreadOptions

  @Option(help: "The number of steps and evaluations to time, 1 to 1000.")
  var repetitions = 5

  @Flag(help: "Show every layer.")
  var layers = false

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  /// Bytes needed to measure memory bandwidth.
  private static let bytes = 512 << 20

  func validate() throws {
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
      try network.network(model), resolution: network.resolution, batchSize: batchSize, on: engine,
      repetitions: repetitions, byLayer: layers)
    if json { return try Output.write(report.json) }
    try Output.write(report.text)
    let options = ["--model", model] + network.words
    Next.note(
      layers
        ? Next(["summary", model] + network.words)
        : Next(["bench"] + options + ["--layers"]))
  }
}
