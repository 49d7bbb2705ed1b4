import Common
import Foundation

/// The batches of one epoch, prepared on background threads while the consumer trains on earlier
/// ones.
///
/// Batches depend only on the arguments, not on the number or timing of threads. At most `ahead`
/// batches are in preparation or waiting, besides those that the consumer holds. When the stream is
/// released, its threads finish their current images and end.
package final class BatchStream: Sendable {
  /// The number of batches in the epoch, including those before `startStep`.
  package let batchCount: Int
  private let labels: [Int32]
  private let resolution: Int
  private let queue: BatchQueue
  private let pool: PixelMemoryPool
  private let prepare: @Sendable (BatchQueue.Task, inout Canvas) -> Void
  /// Whether the consumer prepares the images because no thread could be started.
  private let isAlone: Bool
  private let isInterrupted: @Sendable () -> Bool

  /// The order of an epoch's `count` samples: data-set order, or a permutation drawn from (seed,
  /// epoch).
  package static func order(count: Int, seed: UInt64, epoch: Int, shuffle: Bool) -> [Int] {
    guard shuffle else { return Array(0..<count) }
    var random = CounterRandom(
      seed: seed, purpose: .order, epoch: UInt32(truncatingIfNeeded: epoch))
    return random.permutation(of: count)
  }

  /// The batches of epoch `epoch` from batch `startStep`, for resuming within an epoch.
  ///
  /// The order and augmentations depend on `seed` and `epoch`. The last batch may have fewer than
  /// `batchSize` images. At least one of `workers` threads is used, fewer if the system refuses
  /// them; `ahead` is at least 1. `cache` keeps decoded images for the next epoch. `decode` reads
  /// one image and is called from several threads at once. `next` stops waiting when
  /// `isInterrupted` is true. `start` starts a thread and returns 0 or an error number.
  package init(
    paths: [String], labels: [Int32], preprocessing: Preprocessing, seed: UInt64, epoch: Int,
    batchSize: Int, shuffle: Bool, sampling: Sampling = .all, startStep: Int = 0, workers: Int,
    ahead: Int = 2,
    cache: ImageCache? = nil,
    decode: @escaping @Sendable (String) throws(SweepError) -> Image = { path throws(SweepError) in
      try Image(contentsOf: path)
    },
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    start: (@escaping @Sendable () -> Void) -> Int32 = Threads.start
  ) {
    precondition(paths.count == labels.count && batchSize > 0 && startStep >= 0)
    self.labels = labels
    self.isInterrupted = isInterrupted
    resolution = preprocessing.resolution
    batchCount = (paths.count + batchSize - 1) / batchSize
    pool = PixelMemoryPool(count: min(batchSize, paths.count) * preprocessing.elementCount)
    let queue = BatchQueue(
      order: sampling.order(labels: labels, seed: seed, epoch: epoch, shuffle: shuffle),
      batchSize: batchSize, startStep: startStep, ahead: max(ahead, 1), pool: pool)
    self.queue = queue

    let prepare: @Sendable (BatchQueue.Task, inout Canvas) -> Void = { task, canvas in
      do throws(SweepError) {
        let path = paths[task.sample % paths.count]
        let image =
          if let cache { try cache.image(at: path, decode: decode) } else { try decode(path) }
        try preprocessing.run(
          image, seed: seed, epoch: epoch, sample: task.sample, on: &canvas,
          to: task.memory.start + task.row * preprocessing.elementCount)
        queue.finish(task, nil)
      } catch {
        queue.finish(
          task,
          error.location.isEmpty ? error.with(location: paths[task.sample % paths.count]) : error)
      }
    }
    self.prepare = prepare
    // Fewer threads, or none, produce the same batches.
    let started = (0..<max(1, min(workers, paths.count, Threads.maximum))).prefix { _ in
      queue.workerStarts()
      let failure = start {
        var canvas = Canvas()
        while let task = queue.take() { prepare(task, &canvas) }
        queue.workerEnds()
      }
      if failure != 0 { queue.workerEnds() }
      return failure == 0
    }
    isAlone = started.isEmpty
  }

  deinit { queue.stop() }

  /// Whether `next` returns a batch or throws without waiting for another thread.
  package var isReady: Bool { isAlone || queue.isReady }

  /// Calls `wake` whenever another batch is complete, on the thread that completed it.
  package func notify(_ wake: @escaping @Sendable () -> Void) { queue.notify(wake) }

  /// Waits for the next batch; nil after the last one.
  ///
  /// Throws an image's decoding error when its batch is due, and again on every later call.
  package func next() throws(SweepError) -> Batch? {
    var canvas = Canvas()
    while isAlone, !queue.isReady, let task = queue.take() { prepare(task, &canvas) }
    guard let (memory, samples) = try queue.next(isInterrupted: isInterrupted) else { return nil }
    return Batch(
      resolution: resolution, labels: samples.map { labels[$0 % labels.count] },
      samples: Array(samples),
      memory: memory, pool: pool)
  }
}
