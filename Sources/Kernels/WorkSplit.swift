/// Splits the rows of a kernel's work into chunks, the concurrent tasks.
///
/// The split depends only on the shapes, never on the number of threads: each chunk has its own
/// sums, which are added in chunk order.
package struct WorkSplit: Sendable, Equatable {
  /// The most chunks of any kernel, and so the space needed for partial sums.
  package static let mostChunks = 64

  package let rows: Int
  /// Rows in each chunk except the last.
  package let rowsPerChunk: Int
  package let chunks: Int

  /// Splits into at most `most` chunks of whole blocks of `block` rows.
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

  var partialSums: PartialSums { PartialSums(count: chunks) }
}

/// Splits the channels of a kernel's chunks into parts, so that there are tasks for all threads.
///
/// Unlike the chunks, it may depend on the number of threads: each channel has its own sums, so the
/// parts have no effect on results.
struct ChannelSplit {
  private let width: Int
  private let channels: Int
  let parts: Int

  /// Splits `channels`, padded, into panels of `least` or more channels if `chunks` chunks are less
  /// than four for each of `threads` threads.
  init(channels: Int, least: Int, chunks: Int, threads: Int) {
    let panels = (channels + panelWidth - 1) / panelWidth
    let most = max(1, channels / max(least, panelWidth))
    let wanted = threads == 1 ? 1 : (4 * threads + chunks - 1) / max(1, chunks)
    let panelsPerPart = (panels + min(most, wanted) - 1) / min(most, wanted)
    width = panelsPerPart * panelWidth
    parts = (panels + panelsPerPart - 1) / panelsPerPart
    self.channels = channels
  }

  func range(of part: Int) -> Range<Int> { part * width..<min(channels, (part + 1) * width) }
}
