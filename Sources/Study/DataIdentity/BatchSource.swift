import Common
import Engine
import Results

/// Where a sweep's batches come from.
package protocol BatchSource: AnyObject {
  /// The data set's size.
  var size: DataSize { get }
  /// SHA-256 over all of its files.
  var fingerprint: String { get }
  /// The validation images' classes.
  var validationSet: ValidationSet { get }
  /// The list of its files whose SHA-256 is the fingerprint: a line `SHA-256 bytes name` each.
  var files: String { get }

  /// The training batches of an epoch (from 1) for the cells of a group, from batch `step` (from 0)
  /// on.
  func training(
    _ group: CellGroup, epoch: Int, from step: Int
  ) throws(SweepError) -> any BatchSequence

  /// Bytes of decoded images that are kept for later epochs.
  var cachedBytes: Int { get }

  /// Bytes that the threads which decode images take at most.
  var decodingBytes: Int { get }

  /// Makes decoders and decoded images take no more than so many bytes where that is possible; batches
  /// do not depend on it.
  func limitMemory(to bytes: Int)

  /// The validation batches for the cells of a group.
  func validation(_ group: CellGroup) throws(SweepError) -> any BatchSequence
}

extension BatchSource {
  package var cachedBytes: Int { 0 }
  package var decodingBytes: Int { 0 }
  package func limitMemory(to bytes: Int) {}
}

/// Batches, one after the other.
package protocol BatchSequence: AnyObject {
  /// The next batch; nil after the last one.
  func next() throws(SweepError) -> ImageBatch?
}
