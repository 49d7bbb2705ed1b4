/// Images ready for a network, with their classes.
///
/// The pixels are shared by reference: several networks can train on one batch, one after the other
/// or at once.
package struct ImageBatch: Sendable {
  package let resolution: Int
  package let labels: [Int32]
  /// What random draws in the network depend on; nil for seed 0, epoch 0 and the places in the batch.
  package let keys: SampleKeys?
  private let storage: any PixelStorage

  package var count: Int { labels.count }

  /// The pixels' identity: equal for batches that share their pixels, for as long as one of them
  /// exists.
  ///
  /// An engine with memory of its own uploads the pixels once and compares this afterwards.
  package var id: ObjectIdentifier { ObjectIdentifier(storage) }

  /// A batch of `labels.count` images; `storage` holds `[count, resolution, resolution, 3]`.
  package init(
    storage: any PixelStorage, resolution: Int, labels: [Int32], keys: SampleKeys? = nil
  ) {
    precondition(keys.map { $0.samples.count == labels.count } ?? true)
    self.storage = storage
    self.resolution = resolution
    self.labels = labels
    self.keys = keys
  }

  /// A batch of the given pixels, at least `[labels.count, resolution, resolution, 3]`.
  package init(pixels: [Float], resolution: Int, labels: [Int32], keys: SampleKeys? = nil) {
    precondition(pixels.count >= labels.count * resolution * resolution * 3)
    self.init(
      storage: PixelArray(pixels), resolution: resolution, labels: labels, keys: keys)
  }

  /// Calls `body` with the normalized pixels, `[count, resolution, resolution, 3]` without gaps;
  /// the pointer is valid during the call.
  package func withPixels<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    storage.withPixels { pixels in
      guard let start = pixels.baseAddress else { preconditionFailure("a batch without pixels") }
      return body(start)
    }
  }
}

/// Memory that holds the pixels of a batch and does not change.
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

/// What the random draws of a training step depend on: dropout keeps the same features of a sample
/// in whatever batch it is, and after a resume.
package struct SampleKeys: Sendable, Equatable {
  package var seed: UInt64
  package var epoch: Int
  /// The samples' places in the data set, in the batch's order.
  package var samples: [Int]

  package init(seed: UInt64, epoch: Int, samples: [Int]) {
    self.seed = seed
    self.epoch = epoch
    self.samples = samples
  }
}
