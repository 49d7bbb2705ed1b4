import Common
import Foundation

/// The batches of one epoch, prepared by threads of its own while the consumer learns from the ones
/// before.
///
/// Batches and their contents depend on what is given here alone, not on the number of threads or
/// on which is first. At most `ahead` batches are in preparation or waiting; the consumer's own
/// come on top. When the stream is released, its threads finish the images they are at and end.
package final class BatchStream: Sendable {
  /// How many batches the epoch has, those before `startStep` included.
  package let batchCount: Int
  private let labels: [Int32]
  private let resolution: Int
  private let queue: BatchQueue
  private let pool: PixelMemoryPool
  private let prepare: @Sendable (BatchQueue.Task, inout Canvas) -> Void
  /// Whether the consumer prepares the images, because the system refuses to start a thread.
  private let isAlone: Bool
  private let isInterrupted: @Sendable () -> Bool

  /// The order in which an epoch visits `count` samples: that of the data set, or drawn from (seed,
  /// epoch).
  package static func order(count: Int, seed: UInt64, epoch: Int, shuffle: Bool) -> [Int] {
    guard shuffle else { return Array(0..<count) }
    var random = CounterRandom(
      seed: seed, purpose: .order, epoch: UInt32(truncatingIfNeeded: epoch))
    return random.permutation(of: count)
  }

  /// The batches of epoch `epoch` from batch `startStep` on.
  ///
  /// - Parameters:
  ///   - paths: The images of the data set, as `decode` takes them.
  ///   - labels: The class of each.
  ///   - preprocessing: What happens to each after decoding.
  ///   - seed: The run's seed, for the order and the augmentation.
  ///   - epoch: The epoch's number, which order and augmentation depend on too.
  ///   - batchSize: Images a batch; the last one may have fewer.
  ///   - shuffle: Whether the order is drawn; otherwise it is the data set's.
  ///   - startStep: How many batches to pass over, for a run that goes on in the middle of an
  ///     epoch.
  ///   - workers: Threads; at least one is used, and fewer where the system refuses them.
  ///   - ahead: Batches in preparation or waiting; at least one.
  ///   - cache: Where decoded images are kept for the next epoch.
  ///   - decode: Reads one image; called from several threads at once.
  ///   - isInterrupted: Whether `next` is to give up waiting.
  ///   - start: Starts a thread; gives 0, or an error number.
  package init(
    paths: [String], labels: [Int32], preprocessing: Preprocessing, seed: UInt64, epoch: Int,
    batchSize: Int, shuffle: Bool, startStep: Int = 0, workers: Int, ahead: Int = 2,
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
      order: Self.order(count: paths.count, seed: seed, epoch: epoch, shuffle: shuffle),
      batchSize: batchSize, startStep: startStep, ahead: max(ahead, 1), pool: pool)
    self.queue = queue

    let prepare: @Sendable (BatchQueue.Task, inout Canvas) -> Void = { task, canvas in
      do throws(SweepError) {
        let path = paths[task.sample]
        let image =
          if let cache { try cache.image(at: path, decode: decode) } else { try decode(path) }
        preprocessing.run(
          image, seed: seed, epoch: epoch, sample: task.sample, on: &canvas,
          to: task.memory.start + task.row * preprocessing.elementCount)
        queue.finish(task, nil)
      } catch {
        queue.finish(task, error)
      }
    }
    self.prepare = prepare
    // Fewer threads, or none, make the same batches.
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

  /// The next batch, waited for; nil after the last one.
  ///
  /// Throws the error of an image that could not be decoded when its batch's turn comes, and again
  /// ever after.
  package func next() throws(SweepError) -> Batch? {
    var canvas = Canvas()
    while isAlone, !queue.isReady, let task = queue.take() { prepare(task, &canvas) }
    guard let (memory, samples) = try queue.next(isInterrupted: isInterrupted) else { return nil }
    return Batch(
      resolution: resolution, labels: samples.map { labels[$0] }, samples: Array(samples),
      memory: memory, pool: pool)
  }
}
