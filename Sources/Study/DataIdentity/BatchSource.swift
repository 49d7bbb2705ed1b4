import Common
import Engine
import Results

package protocol BatchSource: AnyObject {
  var size: DataSize { get }
  var fingerprint: String { get }
  var validationSet: ValidationSet { get }
  /// The file list whose SHA-256 is the fingerprint: one line `SHA-256 bytes name` per file.
  var files: String { get }

  /// The training batches of an epoch (from 1) for a group's cells, starting at batch `step` (from
  /// 0).
  func training(
    _ group: CellGroup, epoch: Int, from step: Int
  ) throws(SweepError) -> any BatchSequence

  /// Bytes of decoded images cached for later epochs.
  var cachedBytes: Int { get }

  /// The estimated share of the images that are kept decoded for later epochs.
  var keptShare: Double { get }

  /// The most bytes that the decoding threads use.
  var decodingBytes: Int { get }

  /// Limits decoders and cached images to `bytes` if possible; this does not affect the batches.
  func limitMemory(to bytes: Int)

  func validation(_ group: CellGroup) throws(SweepError) -> any BatchSequence

  /// The batches of the test images, as for validation; nil without test images.
  func test(_ group: CellGroup) throws(SweepError) -> (any BatchSequence)?
}

extension BatchSource {
  package var cachedBytes: Int { 0 }
  package var keptShare: Double { 0 }
  package var decodingBytes: Int { 0 }
  package func limitMemory(to bytes: Int) {}
  package func test(_ group: CellGroup) throws(SweepError) -> (any BatchSequence)? { nil }
}

package protocol BatchSequence: AnyObject {
  /// Waits for the next batch; nil after the last one.
  func next() throws(SweepError) -> ImageBatch?

  /// Whether `next` returns without waiting.
  var isReady: Bool { get }

  /// Calls `wake`, on any thread, whenever `isReady` may have become true.
  func notify(_ wake: @escaping @Sendable () -> Void)
}

extension BatchSequence {
  package var isReady: Bool { true }
  package func notify(_ wake: @escaping @Sendable () -> Void) {}
}
