import Common
import Engine
import Results

package protocol BatchSource: AnyObject {
  var size: DataSize { get }
  var fingerprint: String { get }
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

  func validation(_ group: CellGroup) throws(SweepError) -> any BatchSequence
}

extension BatchSource {
  package var cachedBytes: Int { 0 }
  package var decodingBytes: Int { 0 }
  package func limitMemory(to bytes: Int) {}
}

package protocol BatchSequence: AnyObject {
  func next() throws(SweepError) -> ImageBatch?
}
