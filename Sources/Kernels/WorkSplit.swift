/// How the rows of a kernel's work are cut into chunks: by the shapes alone, never by the number of
/// threads, since every chunk has sums of its own that are added in the chunks' order.
public struct WorkSplit: Sendable, Equatable {
  /// Rows in all.
  public let rows: Int
  /// Rows a chunk, but for the last.
  public let rowsPerChunk: Int
  /// Chunks: tasks that may run at once.
  public let chunks: Int

  /// At most `most` chunks of whole blocks of `block` rows.
  public init(rows: Int, block: Int, most: Int) {
    self.rows = rows
    let blocks = (rows + block - 1) / block
    let blocksPerChunk = max(1, (blocks + max(1, most) - 1) / max(1, most))
    rowsPerChunk = blocksPerChunk * block
    chunks = (rows + rowsPerChunk - 1) / rowsPerChunk
  }

  /// The rows of a chunk.
  public func range(of chunk: Int) -> Range<Int> {
    chunk * rowsPerChunk..<min(rows, (chunk + 1) * rowsPerChunk)
  }
}
