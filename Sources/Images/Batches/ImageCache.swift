import Common

/// Decoded images, kept across epochs up to a limit.
///
/// Earlier images stay: an epoch reads every image once, so evicting one for a later image would
/// lose one that is needed sooner. A file that changes after it was read is not read again.
package final class ImageCache: Sendable {
  private struct Contents {
    var images: [String: Image] = [:]
    var bytes = 0
    var limit: Int
  }

  private let byteBudget: Int
  private let contents: Locked<Contents>

  /// Caches at most `byteBudget` bytes of samples; 0 disables the cache.
  package init(byteBudget: Int) {
    self.byteBudget = byteBudget
    contents = Locked(Contents(limit: byteBudget))
  }

  /// Lowers the limit to `bytes`; a cache that exceeds it is emptied.
  package func limit(to bytes: Int) {
    contents.withLock { contents in
      contents.limit = min(byteBudget, bytes)
      if contents.bytes > contents.limit { contents = Contents(limit: contents.limit) }
    }
  }

  package var byteCount: Int { contents.withLock { $0.bytes } }

  /// The image at `path`, from the cache or from `decode`, whose error it throws.
  package func image(
    at path: String, decode: (String) throws(SweepError) -> Image
  ) throws(SweepError) -> Image {
    if let image = contents.withLock({ $0.images[path] }) { return image }
    let image = try decode(path)
    contents.withLock { contents in
      let total = contents.bytes + image.pixels.count
      if total <= contents.limit && contents.images[path] == nil {
        contents.images[path] = image
        contents.bytes = total
      }
    }
    return image
  }
}
