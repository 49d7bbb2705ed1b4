import Common
import Engine
import Networks

/// An engine's training speed for an experiment's networks, measured in a few seconds.
///
/// A network's speed in multiply-accumulates per second depends on its shape and width, and little
/// on the resolution. So each (model, width) is timed once on a few small images, and scaled by
/// each cell's cost.
package struct SpeedModel {
  /// The most networks to time; if there are more, some at even intervals of cost are timed.
  private static let maximumTimings = 12
  /// Pixels of a timed batch: 16 images of 96 × 96.
  private static let pixels = 16 * 96 * 96

  /// Seconds per multiply-accumulate of one image, including all other work of a step.
  private struct Speed {
    let train: Double
    let evaluate: Double
  }

  private var speeds: [String: Speed] = [:]
  private let inputSeconds: Double

  /// Times the plan's networks on `engine`, and the preparation of a batch.
  package init(
    _ plan: Plan, engine: any Engine, batches: any BatchSource
  ) throws(SweepError) {
    let resolution = plan.items.map(\.cell.resolution).min() ?? 96
    let batchSize = max(2, min(192, Self.pixels / (resolution * resolution)))
    let networks = Dictionary(
      plan.items.map { (Self.key($0.cell), $0) }, uniquingKeysWith: { first, _ in first }
    ).values.sorted { ($0.cost.macs, $0.cell.id) < ($1.cost.macs, $1.cell.id) }
    let stride = (networks.count + Self.maximumTimings - 1) / Self.maximumTimings
    var timed: [(macsPerPixel: Double, speed: Speed)] = []
    for (index, item) in networks.enumerated() where index % stride == 0 {
      let job = TrainingJob(item.network, resolution: resolution, batchSize: batchSize)
      let times = try Benchmark(job, on: engine, repetitions: 2)
      let macs = Double(try item.network.cost(resolution: resolution).macs)
      let speed = Speed(
        train: 1 / times.trainImagesPerSecond / macs,
        evaluate: 1 / times.evalImagesPerSecond / macs)
      speeds[Self.key(item.cell)] = speed
      timed.append((Self.macsPerPixel(item), speed))
    }
    for item in networks where speeds[Self.key(item.cell)] == nil {
      let macs = Self.macsPerPixel(item)
      speeds[Self.key(item.cell)] =
        timed.min { abs($0.macsPerPixel - macs) < abs($1.macsPerPixel - macs) }?.speed
    }
    inputSeconds = try Self.inputSeconds(plan, batches)
  }

  package func estimate(_ plan: inout Plan) {
    guard let data = plan.data else { return }
    let groups = CellGroup.groups(of: plan.items.map(\.cell))
    let companions = Dictionary(
      groups.flatMap { group in group.cells.map { ($0.id, group.cells.count) } },
      uniquingKeysWith: { $1 })
    plan.estimate { item in
      guard let speed = speeds[Self.key(item.cell)], let count = companions[item.cell.id]
      else { return nil }
      let macs = Double(item.cost.macs)
      let (train, val) = (Double(data.trainImages), Double(data.valImages))
      return macs * (train * speed.train + val * speed.evaluate)
        + inputSeconds * (train + val) / Double(count)
    }
  }

  private static func key(_ cell: Cell) -> String {
    "\(cell.model) \(cell.width) \(cell.recipe.channels.rawValue)"
  }

  private static func macsPerPixel(_ item: Plan.Item) -> Double {
    Double(item.cost.macs) / Double(item.cell.resolution * item.cell.resolution)
  }

  private static func inputSeconds(
    _ plan: Plan, _ batches: any BatchSource
  ) throws(SweepError) -> Double {
    guard let group = CellGroup.groups(of: plan.items.map(\.cell)).first else { return 0 }
    let start = ContinuousClock.now
    guard let batch = try batches.training(group, epoch: 1, from: 0).next() else { return 0 }
    return (ContinuousClock.now - start) / .seconds(1) / Double(batch.labels.count)
  }
}
