import Common
import Engine

/// An engine's speed for an experiment's networks, from a few seconds of measurement.
///
/// Some cells of each model are timed on small batches, with all teams at work as in a sweep. The
/// times of the others follow from their costs: a multiple of the multiply-accumulates plus a
/// multiple of the feature maps' elements, so that a cell that costs more never takes less time.
/// Times are those of the processor in the fastest of several repetitions, which other programs
/// hardly change.
package struct SpeedModel {
  /// The most cells to time.
  private static let mostTimings = 12
  /// Pixels of a timed batch: 32 images of 96 × 96.
  private static let pixels = 32 * 96 * 96
  private static let repetitions = 3

  /// Seconds of one thread per image.
  private struct Rates {
    var training: CostFit
    var evaluation: CostFit
  }

  /// The share of the processors that this program got while it measured, from 0 to 1.
  package let processorShare: Double
  private var rates: [String: Rates] = [:]
  private let input: InputTime

  /// Times some of the plan's cells on `engine`, and the preparation of a batch.
  package init(
    _ plan: Plan, engine: any Engine, batches: any BatchSource
  ) throws(SweepError) {
    let families = Dictionary(grouping: plan.items, by: Self.family)
    let each = max(1, Self.mostTimings / max(1, families.count))
    let arrangement = plan.groups.first.map { plan.arrangement($0.group, $0.items) }
    let sizes = arrangement?.teams.map(\.threads) ?? [engine.device.threads]
    let teams = TeamThreads(teams: sizes.count)
    let isDivided = teams.count == sizes.count && sizes.count > 1
    engine.divide(into: isDivided ? sizes : [])
    defer { engine.divide(into: []) }
    var (processor, wall) = (0.0, 0.0)
    for (family, items) in families.sorted(by: { $0.key < $1.key }).prefix(Self.mostTimings) {
      var samples: [(item: Plan.Item, time: StepTime)] = []
      for item in Self.representatives(of: items, most: each) {
        let time = try StepTime(
          item, pixels: Self.pixels, repetitions: Self.repetitions, on: engine,
          isDivided ? sizes : [engine.device.threads], teams)
        samples.append((item, time))
        processor += time.processor
        wall += time.wall
      }
      rates[family] = Rates(
        training: CostFit(samples.map { ($0.item, $0.time.training) }),
        evaluation: CostFit(samples.map { ($0.item, $0.time.evaluation) }))
    }
    processorShare = wall > 0 ? min(1, processor / wall) : 1
    input = try InputTime(plan, batches)
  }

  /// Sets the plan's times: those of training, validation and the preparation of images, for the
  /// epochs that are left.
  package func estimate(_ plan: inout Plan) {
    guard let data = plan.data else { return }
    var seconds: [String: Double] = [:]
    for (group, items) in plan.groups {
      let data = data.of(group.recipe)
      let works = items.map { item in
        rates(of: item).map {
          Double(data.trainImages) * $0.training.seconds(item)
            + Double(data.valImages) * $0.evaluation.seconds(item)
        } ?? 0
      }
      for range in Self.epochRanges(items, to: plan.experiment.epochs) {
        let present = items.indices.filter { items[$0].firstEpoch <= range.lowerBound }
        let factor = plan.secondsOfWork(
          group, present.map { items[$0] }, costs: present.map { works[$0] })
        for index in present {
          seconds[items[index].cell.id, default: 0] +=
            Double(range.count)
            * (factor * works[index] + input.seconds(later: data) / Double(present.count))
        }
      }
    }
    // All images are decoded for the first time once, whatever the number of groups.
    let first = input.seconds(first: data) / Double(max(1, plan.items.count))
    plan.processorShare = processorShare
    plan.estimate { seconds[$0.cell.id, default: 0] + ($0.firstEpoch == 0 ? first : 0) }
  }

  /// The ranges of epochs with the same cells.
  private static func epochRanges(_ items: [Plan.Item], to end: Int) -> [Range<Int>] {
    let starts = Set(items.map(\.firstEpoch)).sorted()
    let ends = starts.dropFirst() + [end]
    return zip(starts, ends).filter { $0 < $1 }.map { $0..<$1 }
  }

  private func rates(of item: Plan.Item) -> Rates? {
    rates[Self.family(item)] ?? rates.min { $0.key < $1.key }?.value
  }

  private static func family(_ item: Plan.Item) -> String {
    "\(item.cell.model) \(item.cell.recipe.channels.rawValue)"
  }

  /// The cells at the corners of a family: the most and least expensive ones, and those with the
  /// largest and smallest share of multiply-accumulates.
  private static func representatives(of items: [Plan.Item], most: Int) -> [Plan.Item] {
    var chosen: [Plan.Item] = []
    func intensity(_ item: Plan.Item) -> Double { Double(item.cost.macs) / Double(item.elements) }
    let corners = [
      items.max { $0.trainingCost < $1.trainingCost },
      items.min { $0.trainingCost < $1.trainingCost },
      items.min { intensity($0) < intensity($1) }, items.max { intensity($0) < intensity($1) },
    ].compactMap(\.self)
    for item in corners
    where chosen.count < most && !chosen.contains(where: { $0.trainingCost == item.trainingCost }) {
      chosen.append(item)
    }
    return chosen
  }
}
