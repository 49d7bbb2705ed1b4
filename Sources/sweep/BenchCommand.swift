import ArgumentParser
import Common
import Engine
import Networks
import Reporting
import Study

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

      With --scaling, times the step on 1, 2, 4, … threads and predicts it for more: a simulator takes the time of each task \
      of each kernel on one thread, and the measured time that threads wait for each other. It also predicts the speed of the \
      study's 12 networks at resolution 96, trained side by side.

      Examples:
        sweep bench --model mobilenet_v2 --width 0.35 --resolution 96 --batch-size 64
        sweep bench --model mobilenet_v2 --layers
        sweep bench --model mobilenet_v1 --threads 1 --json
        sweep bench --scaling --batch-size 192
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

  @Flag(help: "Measure and predict the speed on up to 64 threads.")
  var scaling = false

  @Option(
    help: ArgumentHelp(
      "With --scaling: the bandwidth between processor and memory that no number of threads exceeds.",
      valueName: "GB/s"))
  var mostBandwidth = 400.0

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  /// Bytes needed to measure memory bandwidth.
  private static let bytes = 512 << 20

  func validate() throws {
    try check("batch-size", batchSize, 1...65536)
    try check("repetitions", repetitions, 1...1000)
    if scaling && layers { throw ValidationError("use --scaling or --layers, not both") }
    if !(mostBandwidth > 0) { throw ValidationError("--most-bandwidth must be above 0") }
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
    let scaling = scaling ? try measureScaling() : nil
    if json {
      return try Output.write(report.json + (scaling.map { ["scaling": $0.json] } ?? .object([])))
    }
    try Output.write(report.text + (scaling.map { "\n" + $0.text } ?? ""))
    let options = ["--model", model] + network.words
    Next.note(
      layers
        ? Next(["summary", model] + network.words)
        : Next(["bench"] + options + ["--layers"]))
  }

  /// The study's networks at one resolution, the group of the prediction.
  private func group() throws -> [TrainingJob] {
    try ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"].flatMap { model in
      try [1, 0.75, 0.5, 0.35].map { width in
        TrainingJob(
          try Network.named(model, width: width, classes: network.classes), resolution: 96,
          batchSize: batchSize)
      }
    }
  }

  private func measureScaling() throws -> Scaling {
    let job = TrainingJob(
      try network.network(model), resolution: network.resolution, batchSize: batchSize)
    return try Scaling(
      job, group: try group(), available: threads.count, most: max(64, threads.count),
      mostBandwidth: mostBandwidth * 1e9
    ) { makeEngine(threads: $0) }
  }
}
