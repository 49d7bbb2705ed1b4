import Common
import Engine
import Foundation
import Networks

/// The results of `sweep bench`: a network's speed and the device's limits.
package struct BenchmarkReport: Sendable {
  package let network: Network
  package let resolution: Int
  /// Host threads that the engine used.
  package let threads: Int
  package let benchmark: Benchmark
  package let limits: MachineLimits
  private let macs: Double
  /// The peak resident memory of the process up to the end of the benchmark, in bytes.
  package let peakMemory: Int

  /// Benchmarks `network` on `engine`: `repetitions` training steps and evaluations of `batchSize`
  /// images.
  ///
  /// Throws if there is not enough memory.
  package init(
    _ network: Network, resolution: Int, batchSize: Int, on engine: any Engine, repetitions: Int,
    byLayer: Bool
  ) throws(SweepError) {
    let job = TrainingJob(network, resolution: resolution, batchSize: batchSize)
    let need = try engine.memory(of: job).total
    if let free = engine.freeMemory, need > free {
      throw SweepError(
        .usage,
        "a batch of \(batchSize) takes \(Format.bytes(need)), and \(Format.bytes(free)) are free",
        advice: "use a smaller --batch-size or --resolution")
    }
    self.network = network
    macs = Double(try network.cost(resolution: resolution).macs)
    self.resolution = resolution
    threads = engine.device.threads
    benchmark = try Benchmark(job, on: engine, repetitions: repetitions, byLayer: byLayer)
    peakMemory = ProcessMemory.peak
    // Measured last because it needs memory beyond the network's.
    limits = try engine.measureLimits()
  }

  /// Operations per second in training: 6 per multiply-accumulate of the forward pass, because the
  /// gradients of weights and of inputs each cost as much as the forward pass.
  package var trainFLOPS: Double { 6 * macs * benchmark.trainImagesPerSecond }

  /// Operations per second in evaluation: 2 per multiply-accumulate.
  package var evalFLOPS: Double { 2 * macs * benchmark.evalImagesPerSecond }
  package var text: String {
    let batch = benchmark.batchSize
    var table = TextTable([
      ("batch of \(batch)", .left), ("training", .right), ("evaluation", .right),
    ])
    func add(_ name: String, _ figure: (Benchmark.Timing, Double, Int?) -> String) {
      table.add([
        name, figure(benchmark.step, trainFLOPS, benchmark.stepBytes),
        figure(benchmark.evaluation, evalFLOPS, benchmark.evaluationBytes),
      ])
    }
    let peak = "of the peak of \(Self.tenths(limits.flops * 1e-9)) GFLOPS"
    let bandwidth = "of the bandwidth of \(Self.tenths(limits.bandwidth * 1e-9)) GB/s"
    add("images/s") { time, _, _ in Self.tenths(Double(batch) / time.median) }
    add("ms, median") { time, _, _ in Self.tenths(time.median * 1e3) }
    add("ms, shortest") { time, _, _ in Self.tenths(time.shortest * 1e3) }
    add("ms, longest") { time, _, _ in Self.tenths(time.longest * 1e3) }
    add("GFLOPS") { _, flops, _ in Self.tenths(flops * 1e-9) }
    add(peak) { _, flops, _ in Format.percent(flops / limits.flops) }
    add("bytes moved, counted") { _, _, bytes in bytes.map(Format.bytes) ?? "–" }
    func rate(_ bytes: Int?, _ time: Benchmark.Timing, _ text: (Double) -> String) -> String {
      bytes.map { text(Double($0) / time.median) } ?? "–"
    }
    add("GB/s") { time, _, bytes in rate(bytes, time) { Self.tenths($0 * 1e-9) } }
    add(bandwidth) { time, _, bytes in
      rate(bytes, time) { Format.percent($0 / limits.bandwidth) }
    }
    return
      "\(network.name): width \(network.width), resolution \(resolution), \(threads) thread"
      + (threads == 1 ? "\n\n" : "s\n\n")
      + table.text + "\npeak memory of the process: \(Format.bytes(peakMemory))\n"
      + (benchmark.layers.isEmpty ? "" : "\n" + layersText)
  }

  private var layersText: String {
    let pass: [(title: String, alignment: TextTable.Alignment)] = [
      ("GFLOPS", .right), ("GB/s", .right), ("roofline", .right),
    ]
    var table = TextTable(
      [("layer", .left), ("operation", .left), ("output C×H×W", .left), ("forward ms", .right)]
        + pass + [("backward ms", .right)] + pass + [("of step", .right), ("lost ms", .right)])
    func add(
      _ titles: [String], _ forward: BenchmarkLayer.Pass, _ backward: BenchmarkLayer.Pass,
      floors: (forward: Double, backward: Double)
    ) {
      func cells(_ pass: BenchmarkLayer.Pass, _ floor: Double) -> [String] {
        guard pass.seconds > 0 else { return ["", "", "", ""] }
        return [
          Format.fixed(pass.seconds * 1e3, decimals: 2),
          Self.tenths(Double(pass.flops) / pass.seconds * 1e-9),
          Self.tenths(Double(pass.bytes) / pass.seconds * 1e-9),
          Format.percent(floor / pass.seconds),
        ]
      }
      let seconds = forward.seconds + backward.seconds
      table.add(
        titles + cells(forward, floors.forward) + cells(backward, floors.backward) + [
          Format.percent(seconds / benchmark.step.median),
          Format.fixed((seconds - floors.forward - floors.backward) * 1e3, decimals: 2),
        ])
    }
    for layer in benchmark.layers {
      add(
        [layer.name, layer.operation, layer.output.text], layer.forward, layer.backward,
        floors: (layer.forward.floor(limits), layer.backward.floor(limits)))
    }
    table.addRule()
    let layers = benchmark.layers
    let none = BenchmarkLayer.Pass(seconds: 0, flops: 0, bytes: 0)
    add(
      ["all layers", "", ""], layers.map(\.forward).reduce(none, +),
      layers.map(\.backward).reduce(none, +),
      floors: (
        layers.map { $0.forward.floor(limits) }.reduce(0, +),
        layers.map { $0.backward.floor(limits) }.reduce(0, +)
      ))
    for other in benchmark.others {
      let empty = Array(repeating: "", count: 8)
      table.add(
        [other.name, "", "", Format.fixed(other.seconds * 1e3, decimals: 2)] + empty.dropFirst() + [
          Format.percent(other.seconds / benchmark.step.median)
        ])
    }
    return table.text + """

      roofline: the shortest time that the peak and the bandwidth allow, as a share of the time taken (above 100 %
      where feature maps stay in a cache); lost: what is left of the time above that. Times are each part's own median.

      """
  }

  /// The figures for scripts; rates are per second, `gflops` is for training.
  package var json: JSON {
    let figures: JSON =
      .listing("bench") + [
        "model": .string(network.name), "width": .number(network.width),
        "resolution": .integer(resolution), "batch_size": .integer(benchmark.batchSize),
        "threads": .integer(threads),
        "train_images_per_second": .number(benchmark.trainImagesPerSecond),
        "eval_images_per_second": .number(benchmark.evalImagesPerSecond),
        "gflops": .number(trainFLOPS * 1e-9), "peak_gflops": .number(limits.flops * 1e-9),
        "peak_fraction": .number(trainFLOPS / limits.flops),
        "peak_rss_bytes": .integer(peakMemory),
      ]
    guard !benchmark.layers.isEmpty else { return figures }
    func pass(_ pass: BenchmarkLayer.Pass) -> JSON {
      [
        "seconds": .number(pass.seconds), "flops": .integer(pass.flops),
        "bytes": .integer(pass.bytes),
        "roofline_fraction": .number(pass.floor(limits) / pass.seconds),
      ]
    }
    let layers = benchmark.layers.map { layer in
      [
        "name": .string(layer.name), "operation": .string(layer.operation),
        "output_shape": layer.output.json, "forward": pass(layer.forward),
        "backward": pass(layer.backward),
      ] as JSON
    }
    return figures + [
      "bandwidth_bytes_per_second": .number(limits.bandwidth), "layers": .array(layers),
    ]
  }

  private static func tenths(_ number: Double) -> String { Format.fixed(number, decimals: 1) }
}
