import Common
import Engine

/// The memory for the cells of a group: the free memory when the group began.
struct MemoryBudget {
  private let available: Int?
  /// Bytes of a batch.
  private let batch: Int
  /// Bytes of the batches that even one cell at a time needs, and of the decoders.
  private let batches: Int
  private var models = 0
  private var workspace = 0
  /// Bytes for running cells side by side instead of one at a time.
  private var extra = 0

  /// `available` is nil if unknown; decoders take `decoding` bytes of it.
  init(available: Int?, group: CellGroup, decoding: Int) {
    self.available = available
    batch = group.batchBytes
    batches = Plan.batchesInMemory * batch + decoding
  }

  var rest: Int? { available.map { max(0, $0 - models - workspace - batches - extra) } }

  /// What the teams may use.
  var forTeams: Arrangement.Memory {
    Arrangement.Memory(free: available.map { $0 - models - batches }, batch: batch)
  }

  /// Reserves the memory for training a cell; throws if there is not enough.
  mutating func take(_ item: Plan.Item) throws(SweepError) {
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

  /// Releases the parameters of a cell that has ended.
  mutating func release(_ item: Plan.Item) { models -= item.memory.model }

  /// Reserves the additional memory of cells side by side.
  mutating func take(_ arrangement: Arrangement) {
    extra = arrangement.extraBytes(batch: batch)
  }
}
