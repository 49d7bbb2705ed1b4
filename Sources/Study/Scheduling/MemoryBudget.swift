import Common
import Engine
import Networks
import Weights

/// The memory that the cells of a group may take: what was free when the group began.
final class MemoryBudget {
  private let available: Int?
  private var models = 0
  private var workspace = 0
  private let batches: Int

  /// A budget of `available` bytes, nil where that is unknown, of which decoders take `decoding`.
  init(available: Int?, group: CellGroup, decoding: Int) {
    self.available = available
    let batch = 4 * 3 * group.resolution * group.resolution * group.recipe.batchSize
    batches = Plan.batchesInMemory * batch + decoding
  }

  /// The bytes that are left; nil where that is unknown.
  var rest: Int? { available.map { max(0, $0 - models - workspace - batches) } }

  /// Reserves the memory for training a cell; throws where there is not enough.
  func take(_ item: Plan.Item) throws(SweepError) {
    let need = item.memory
    let total = models + need.model + max(workspace, need.workspace) + batches
    if let available, total > available {
      throw SweepError(
        .runFailed, at: item.cell.id,
        "training it takes \(Format.bytes(total)) of memory with the cells beside it, "
          + "\(Format.bytes(available)) are free",
        advice: "close other programs, or run fewer cells with --only")
    }
    models += need.model
    workspace = max(workspace, need.workspace)
  }
}
