import Common
import Synchronization

/// Decoded images, kept from epoch to epoch as far as they fit.
///
/// What came first stays: an epoch reads every image once, so making room for a later one would
/// only push out one that is needed sooner. A file that changes after it was read is not read
/// again.
package final class ImageCache: Sendable {
  private struct Contents {
    var images: [String: Image] = [:]
    var bytes = 0
    var limit: Int
  }

  private let byteBudget: Int
  private let contents: Mutex<Contents>

  /// A cache for at most `byteBudget` bytes of samples; with 0 it keeps nothing.
  package init(byteBudget: Int) {
    self.byteBudget = byteBudget
    contents = Mutex(Contents(limit: byteBudget))
  }

  /// Keeps to `bytes` where that is less than the budget; a fuller cache drops everything.
  package func limit(to bytes: Int) {
    contents.withLock { contents in
      contents.limit = min(byteBudget, bytes)
      if contents.bytes > contents.limit { contents = Contents(limit: contents.limit) }
    }
  }

  package var byteCount: Int { contents.withLock { $0.bytes } }

  /// The image at `path`, from memory or else by `decode`, whose error it throws.
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
