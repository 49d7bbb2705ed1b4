import Common
import Study

extension Plan {
  package var json: JSON {
    let cells = items.map { item in
      [
        "id": .string(item.cell.id), "model": .string(item.cell.model),
        "width": .number(item.cell.width), "resolution": .integer(item.cell.resolution),
        "seed": .integer(item.cell.seed), "params": .integer(item.cost.params),
        "macs": .integer(item.cost.macs), "flops": .integer(item.cost.flops),
        "thop_macs": .integer(item.cost.thopMacs),
        "estimated_seconds": .number(item.estimatedSeconds),
      ] as JSON
    }
    return .listing(
      "plan", .init("experiment", .string(experiment.name)), .init("cells", .array(cells)),
      .init("disk_bytes", .integer(diskBytes)), .init("memory_bytes", .integer(memoryBytes)),
      .init("estimated_seconds", .number(estimatedSeconds)),
      .init("processor_share", .number(processorShare)))
  }

  /// How much longer everything takes beside the programs that ran during the measurement; empty on a
  /// quiet machine.
  private var busyText: String {
    guard let processorShare, processorShare < 0.9, let seconds = estimatedSeconds else {
      return ""
    }
    return """
      other programs took \(Format.percent(1 - processorShare)) of the processors during the measurement; \
      while they run, expect about \(Format.duration(seconds / processorShare))

      """
  }

  /// The plan as a table, followed by the recipe and the totals.
  package var text: String {
    var table = TextTable([
      ("cell", .left), ("params", .right), ("MACs", .right), ("FLOPs", .right),
      ("thop_macs", .right), ("time", .right),
    ])
    for item in items {
      table.add([
        item.cell.id, Format.grouped(item.cost.params), Format.grouped(item.cost.macs),
        Format.grouped(item.cost.flops), item.cost.thopMacs.map { Format.grouped($0) } ?? "–",
        item.estimatedSeconds.map(Format.duration) ?? "–",
      ])
    }
    let count = Format.count(items.count, "cell")
    let epochs = Format.count(experiment.epochs, "epoch")
    let recipe = experiment.sharedSettings.filter {
      !$0.key.hasPrefix("dataset.") && $0.key != "augment"
    }.sorted { $0.key < $1.key }
    return table.text + """

      \(recipe.map { "\($0.key) = \($0.value)\n" }.joined())
      \(count) × \(epochs): \(estimatedSeconds.map { "about " + Format.duration($0) } ?? "time unknown"), \
      \(Format.bytes(memoryBytes)) of memory, \(Format.bytes(diskBytes)) on disk

      """ + busyText
  }
}
