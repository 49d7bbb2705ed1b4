import Common
import Engine

/// The order of a group's batches: in each epoch first the training and then the validation batches.
struct BatchOrder: Sendable {
  let steps: Int
  let validations: Int

  init(_ size: DataSize, batchSize: Int) {
    steps = (size.trainImages + batchSize - 1) / batchSize
    validations = (size.valImages + batchSize - 1) / batchSize
  }

  var perEpoch: Int { steps + validations }

  func position(epoch: Int, step: Int) -> Int { epoch * perEpoch + min(step, steps) }

  func epoch(of position: Int) -> Int { position / perEpoch }

  func isTraining(_ position: Int) -> Bool { position % perEpoch < steps }

  /// The work of a batch in comparison with a training step.
  func work(at position: Int) -> Double { isTraining(position) ? 1 : 1.0 / 3 }

  func endsEpoch(_ position: Int) -> Bool { position % perEpoch == perEpoch - 1 }
}

/// The consecutive batches that are kept for a group's cells.
final class BatchWindow {
  private let group: CellGroup
  private let source: any BatchSource
  private let order: BatchOrder
  /// Called when another batch is ready.
  var wake: @Sendable () -> Void = {} {
    didSet { stream?.notify(wake) }
  }
  private var stream: (any BatchSequence)?
  private var batches: [ImageBatch] = []
  private var first = 0

  init(_ group: CellGroup, from source: any BatchSource, order: BatchOrder) {
    self.group = group
    self.source = source
    self.order = order
  }

  var positions: Range<Int> { first..<first + batches.count }

  subscript(position: Int) -> ImageBatch { batches[position - first] }

  /// Drops the batches before `position`, where the next fetch starts if all are dropped.
  func drop(before position: Int) {
    guard position > first else { return }
    if position > positions.upperBound { stream = nil }
    batches.removeFirst(min(batches.count, position - first))
    first = position
  }

  /// Starts preparing the next batch; returns whether it can be fetched without waiting.
  func prepare() throws(SweepError) -> Bool {
    if let stream { return stream.isReady }
    let position = positions.upperBound
    let (epoch, index) = position.quotientAndRemainder(dividingBy: order.perEpoch)
    let opened =
      order.isTraining(position)
      ? try source.training(group, epoch: epoch + 1, from: index) : try source.validation(group)
    opened.notify(wake)
    stream = opened
    return opened.isReady
  }

  /// Waits for the next batch and adds it.
  func fetch() throws(SweepError) {
    _ = try prepare()
    let position = positions.upperBound
    guard let batch = try stream?.next() else {
      preconditionFailure("a stream ended before its last batch")
    }
    batches.append(batch)
    let following = position % order.perEpoch + 1
    if following == order.steps || following == order.perEpoch { stream = nil }
  }
}
