import Common
import Foundation

/// Which image is prepared next, and which batches are whole: what the threads of a `BatchStream`
/// share.
///
/// Work is given out image by image in the epoch's order, so that all threads work on the batch
/// that is needed next. A batch is begun only while fewer than `ahead` begun ones wait to be taken.
final class BatchQueue: @unchecked Sendable {
  struct Task {
    /// Its place in the epoch.
    let position: Int
    /// Its place in the data set.
    let sample: Int
    /// Its place in its batch.
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

  // All below is read and written with the condition locked.
  private let condition = NSCondition()
  private var slots: [Int: Slot] = [:]
  private var nextPosition, nextBatch: Int
  private var failure: SweepError?
  private var isStopped = false
  private var workers = 0

  /// The queue of the batches from `startStep` on, of the data set's images in `order`.
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

  /// The next image to prepare, as soon as there is room for it; nil when there is nothing left to
  /// do.
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

  /// Notes that an image is ready, or why it is not.
  func finish(_ task: Task, _ error: SweepError?) {
    locked {
      let batch = task.position / batchSize
      slots[batch]?.remaining -= 1
      if let error, task.position < slots[batch]?.failure?.position ?? .max {
        slots[batch]?.failure = (task.position, error)
      }
      if slots[batch]?.remaining == 0 {
        condition.broadcast()
      }
    }
  }

  // MARK: For the consumer

  /// The next batch's memory and samples, waited for; nil after the last one.
  ///
  /// Throws the error of the batch's first image in the epoch's order that could not be prepared,
  /// now and ever after, and `.interrupted` soon after `isInterrupted` is true.
  func next(
    isInterrupted: () -> Bool
  ) throws(SweepError) -> (memory: PixelMemory, samples: ArraySlice<Int>)? {
    let slot: Slot? = locked {
      while failure == nil && nextBatch * batchSize < order.count
        && slots[nextBatch]?.remaining != 0
      {
        // A huge image takes seconds.
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

  /// Whether `next` need not wait for a batch.
  var isReady: Bool { locked { slots[nextBatch]?.remaining == 0 } }

  /// Lets every worker end after the image it is at, and waits until they have.
  func stop() {
    locked {
      isStopped = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }
}
