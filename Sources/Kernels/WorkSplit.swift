/// How the rows of a kernel's work are cut into chunks, the tasks that may run at once.
///
/// The cut depends on the shapes alone, never on the number of threads: each chunk has sums of its
/// own, which are added in the chunks' order.
package struct WorkSplit: Sendable, Equatable {
  /// The most chunks of any kernel: room for this many partial sums is enough.
  package static let mostChunks = 64

  package let rows: Int
  /// Rows in each chunk except the last.
  package let rowsPerChunk: Int
  package let chunks: Int

  /// At most `most` chunks of whole blocks of `block` rows.
  package init(rows: Int, block: Int, most: Int = mostChunks) {
    self.rows = rows
    let blocks = (rows + block - 1) / block
    let blocksPerChunk = max(1, (blocks + max(1, most) - 1) / max(1, most))
    rowsPerChunk = blocksPerChunk * block
    chunks = (rows + rowsPerChunk - 1) / rowsPerChunk
  }

  package func range(of chunk: Int) -> Range<Int> {
    chunk * rowsPerChunk..<min(rows, (chunk + 1) * rowsPerChunk)
  }

  /// The sums that the chunks leave.
  var partialSums: PartialSums { PartialSums(count: chunks) }
}
