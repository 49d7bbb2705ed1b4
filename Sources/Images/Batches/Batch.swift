import Synchronization

/// Images that are learned from together, ready for the network.
///
/// Its memory goes back to the stream that made it when the last reference to it is gone.
package final class Batch: Sendable {
  /// How many images it holds; the last batch of an epoch may hold fewer than the others.
  package let count: Int
  /// Rows and columns of each image.
  package let resolution: Int
  package let labels: [Int32]
  /// The place of each image in the data set.
  package let samples: [Int]
  private let memory: PixelMemory
  private let pool: PixelMemoryPool

  init(
    resolution: Int, labels: [Int32], samples: [Int], memory: PixelMemory, pool: PixelMemoryPool
  ) {
    self.count = labels.count
    self.resolution = resolution
    self.labels = labels
    self.samples = samples
    self.memory = memory
    self.pool = pool
  }

  deinit { pool.put(memory) }

  /// Calls `body` with the normalized samples: `[count, resolution, resolution, 3]` without gaps,
  /// channels last, aligned to 64 bytes, valid during the call.
  package func withPixels<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let elements = count * resolution * resolution * 3
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeBufferPointer(start: memory.start, count: elements))
  }
}

/// Floats on a 64-byte boundary.
///
/// It is written by several threads, each its own part, before anyone reads it: `BatchQueue` sees
/// to that.
final class PixelMemory: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    start = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).assumingMemoryBound(to: Float.self)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}

/// Memory of batches that are no longer in use, for the next ones.
final class PixelMemoryPool: Sendable {
  private let count: Int
  private let free = Mutex<[PixelMemory]>([])

  init(count: Int) { self.count = count }

  func take() -> PixelMemory { free.withLock { $0.popLast() } ?? PixelMemory(count: count) }

  func put(_ memory: PixelMemory) { free.withLock { $0.append(memory) } }
}
