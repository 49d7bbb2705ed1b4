/// Images for a network, with their classes.
///
/// The pixels are shared by reference: several networks can train on one batch, in turn or at once.
package struct ImageBatch: Sendable {
  package let resolution: Int
  package let labels: [Int32]
  /// The keys of random draws in the network; nil for seed 0, epoch 0 and the indices in the batch.
  package let keys: SampleKeys?
  private let storage: any PixelStorage

  package var count: Int { labels.count }

  /// The identity of the pixels: equal for batches that share them, while one exists.
  ///
  /// An engine with its own memory can upload the pixels once and compare this afterwards.
  package var id: ObjectIdentifier { ObjectIdentifier(storage) }

  /// `storage` holds `[labels.count, resolution, resolution, 3]`.
  package init(
    storage: any PixelStorage, resolution: Int, labels: [Int32], keys: SampleKeys? = nil
  ) {
    precondition(keys.map { $0.samples.count == labels.count } ?? true)
    self.storage = storage
    self.resolution = resolution
    self.labels = labels
    self.keys = keys
  }

  /// `pixels` holds at least `[labels.count, resolution, resolution, 3]`.
  package init(pixels: [Float], resolution: Int, labels: [Int32], keys: SampleKeys? = nil) {
    precondition(pixels.count >= labels.count * resolution * resolution * 3)
    self.init(
      storage: PixelArray(pixels), resolution: resolution, labels: labels, keys: keys)
  }

  /// Calls `body` with the normalized pixels, contiguous `[count, resolution, resolution, 3]`; the
  /// pointer is valid during the call.
  package func withPixels<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    storage.withPixels { pixels in
      guard let start = pixels.baseAddress else { preconditionFailure("a batch without pixels") }
      return body(start)
    }
  }
}

/// Immutable memory with the pixels of a batch.
package protocol PixelStorage: AnyObject, Sendable {
  /// Calls `body` with the pixels; the pointer is valid during the call.
  func withPixels<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result
}

private final class PixelArray: PixelStorage {
  private let pixels: [Float]

  init(_ pixels: [Float]) {
    self.pixels = pixels
  }

  func withPixels<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try pixels.withUnsafeBufferPointer(body)
  }
}

/// The keys of a step's random draws: dropout keeps the same features of a sample in any batch and
/// after a resume.
package struct SampleKeys: Sendable, Equatable {
  package var seed: UInt64
  package var epoch: Int
  /// The samples' indices in the data set, in batch order.
  package var samples: [Int]

  package init(seed: UInt64, epoch: Int, samples: [Int]) {
    self.seed = seed
    self.epoch = epoch
    self.samples = samples
  }
}
