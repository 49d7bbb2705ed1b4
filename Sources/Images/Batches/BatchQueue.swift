import Common
import Foundation

/// The state that the threads of a `BatchStream` share: the next image to prepare, and the complete
/// batches.
///
/// Images are assigned in the epoch's order, so that all threads work on the batch that is needed
/// next. A batch is started only while fewer than `ahead` batches are in preparation or waiting.
final class BatchQueue: @unchecked Sendable {
  struct Task {
    /// The index in the epoch.
    let position: Int
    /// The index in the data set, with a multiple of its size if the image is in the epoch again.
    let sample: Int
    /// The index in the batch.
    let row: Int
    let memory: PixelMemory
  }

  private struct Slot {
    let memory: PixelMemory
    let samples: ArraySlice<Int>
    var remaining: Int
    var failure: (position: Int, error: SweepError)?
  }

  private let order: [Int]
  private let batchSize, ahead: Int
  private let pool: PixelMemoryPool

  // The properties below are protected by the condition.
  private let condition = NSCondition()
  private var slots: [Int: Slot] = [:]
  private var nextPosition, nextBatch: Int
  private var failure: SweepError?
  private var isStopped = false
  private var workers = 0
  private var wake: @Sendable () -> Void = {}

  /// The batches from `startStep` of the images in `order`.
  init(order: [Int], batchSize: Int, startStep: Int, ahead: Int, pool: PixelMemoryPool) {
    self.order = order
    self.batchSize = batchSize
    self.ahead = ahead
    self.pool = pool
    nextBatch = startStep
    nextPosition = startStep * batchSize
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  // MARK: For the workers

  func workerStarts() { locked { workers += 1 } }

  func workerEnds() {
    locked {
      workers -= 1
      condition.broadcast()
    }
  }

  /// The next image to prepare, once there is room for it; nil when all are assigned.
  func take() -> Task? {
    locked {
      while !isStopped && nextPosition < order.count {
        let batch = nextPosition / batchSize
        if batch < nextBatch + ahead {
          let position = nextPosition
          nextPosition += 1
          let slot = slots[batch] ?? begin(batch)
          return Task(
            position: position, sample: order[position], row: position % batchSize,
            memory: slot.memory)
        }
        condition.wait()
      }
      return nil
    }
  }

  private func begin(_ batch: Int) -> Slot {
    let samples = order[(batch * batchSize)..<min((batch + 1) * batchSize, order.count)]
    let slot = Slot(memory: pool.take(), samples: samples, remaining: samples.count)
    slots[batch] = slot
    return slot
  }

  /// Records that an image is ready, or its error.
  func finish(_ task: Task, _ error: SweepError?) {
    let wake: (@Sendable () -> Void)? = locked {
      let batch = task.position / batchSize
      slots[batch]?.remaining -= 1
      if let error, task.position < slots[batch]?.failure?.position ?? .max {
        slots[batch]?.failure = (task.position, error)
      }
      guard slots[batch]?.remaining == 0 else { return nil }
      condition.broadcast()
      return self.wake
    }
    wake?()
  }

  // MARK: For the consumer

  /// Waits for the next batch's memory and samples; nil after the last one.
  ///
  /// Throws the error of the batch's first image, in epoch order, that could not be prepared, and
  /// again on every later call; throws `.interrupted` soon after `isInterrupted` becomes true.
  func next(
    isInterrupted: () -> Bool
  ) throws(SweepError) -> (memory: PixelMemory, samples: ArraySlice<Int>)? {
    let slot: Slot? = locked {
      while failure == nil && nextBatch * batchSize < order.count
        && slots[nextBatch]?.remaining != 0
      {
        // Preparing a huge image takes seconds.
        if !condition.wait(until: Date(timeIntervalSinceNow: 0.1)) && isInterrupted() {
          failure = SweepError(.interrupted, "interrupted while images were prepared")
        }
      }
      guard failure == nil, nextBatch * batchSize < order.count else { return nil }
      let slot = slots.removeValue(forKey: nextBatch)
      nextBatch += 1
      if let error = slot?.failure?.error {
        failure = error
        isStopped = true
      }
      condition.broadcast()
      return slot
    }
    if let failure = locked({ failure }) { throw failure }
    return slot.map { ($0.memory, $0.samples) }
  }

  /// Sets a function that is called when a batch is complete.
  func notify(_ wake: @escaping @Sendable () -> Void) { locked { self.wake = wake } }

  /// Whether `next` would return without waiting.
  var isReady: Bool { locked { slots[nextBatch]?.remaining == 0 } }

  /// Stops the workers after their current images, and waits for them.
  func stop() {
    locked {
      isStopped = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }
}
