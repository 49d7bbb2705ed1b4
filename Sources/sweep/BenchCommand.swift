import ArgumentParser
import Common
import Foundation
import Networks
import Training

/// `sweep bench`: how fast a network trains here.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a training step and an evaluation of a network on synthetic images.",
    discussion: """
      Examples:
        sweep bench --model mobilenet_v2 --width 0.35 --resolution 96 --batch-size 64
      """)

  @Option(help: "The network: \(Architecture.builtIn.map(\.name).joined(separator: ", ")).")
  var model = "mobilenet_v2"

  @Option(help: "The width multiplier.")
  var width = 1.0

  @Option(help: "Height and width of the images.")
  var resolution = 224

  @Option(help: "Images in a batch.")
  var batchSize = 32

  @Option(help: "Threads; as many as there are processors by default.")
  var threads: Int?

  @Option(help: "How many steps are timed; the median counts.")
  var repetitions = 5

  func validate() throws {
    guard resolution >= 1, batchSize >= 1, repetitions >= 1, threads ?? 1 >= 1 else {
      throw ValidationError(
        "--resolution, --batch-size, --threads and --repetitions must be at least 1")
    }
  }

  func run() throws {
    let network = try Network.named(model, width: width, classes: 10, rounding: .truncate)
    let pool = ThreadPool(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let trainer = Trainer(
      network: network, resolution: resolution, batchSize: batchSize, pool: pool,
      workspace: Workspace())
    let result = try Benchmark(trainer, batchSize: batchSize, repetitions: repetitions)
    let flops = 6 * Double(network.cost(resolution: resolution).macs)
    let speed = String(
      format: "training %.1f images/s, %.1f GFLOPS; evaluation %.1f images/s\n",
      result.trainImagesPerSecond, flops * result.trainImagesPerSecond * 1e-9,
      result.evalImagesPerSecond)
    try Output.write(speed)
  }
}
