import Common

/// A batch of images, ready for the network.
///
/// Its memory returns to its stream when the last reference is released.
package final class Batch: Sendable {
  /// The number of images; the last batch of an epoch may be smaller.
  package let count: Int
  /// Height and width of the images.
  package let resolution: Int
  package let labels: [Int32]
  /// The index of each image in the data set, with a multiple of its size if the image is in the
  /// epoch again.
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

  /// Calls `body` with the normalized samples: contiguous `[count, resolution, resolution, 3]`,
  /// aligned to 64 bytes, valid during the call.
  package func withPixels<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let elements = count * resolution * resolution * 3
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeBufferPointer(start: memory.start, count: elements))
  }
}

/// Floats aligned to 64 bytes.
///
/// Several threads write disjoint parts before anyone reads; `BatchQueue` ensures this.
final class PixelMemory: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    start = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).assumingMemoryBound(to: Float.self)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}

/// Reusable memory of released batches.
final class PixelMemoryPool: Sendable {
  private let count: Int
  private let free = Locked<[PixelMemory]>([])

  init(count: Int) { self.count = count }

  func take() -> PixelMemory { free.withLock { $0.popLast() } ?? PixelMemory(count: count) }

  func put(_ memory: PixelMemory) { free.withLock { $0.append(memory) } }
}
