import Common
import Images

/// How much memory the images of a data set take when they are decoded, by a sample of headers: the
/// largest files, and others evenly spaced.
package struct DecodedSize: Sendable {
  private static let sampled = 64
  /// The number of images.
  let count: Int
  /// Bytes of all images, estimated; 3 for each pixel.
  let totalBytes: Int
  /// Bytes that one thread takes at most while it prepares an image: the file, the decoded image, and
  /// two canvases of 4 bytes for each pixel.
  let decodingBytes: Int

  package init(_ data: DataSet) {
    let paths = data.splits.flatMap { folder in folder.samples.map(folder.path) }
    // A broken image is reported by who decodes it.
    func pixels(_ path: String) -> Int? {
      (try? Image.size(ofFile: path)).map { $0.width * $0.height }
    }
    let even = stride(from: 0, to: paths.count, by: max(1, paths.count / Self.sampled))
      .compactMap { pixels(paths[$0]) }
    let largest = paths.map { (path: $0, bytes: DiskFiles().size($0) ?? 0) }
      .sorted { $0.bytes > $1.bytes }.prefix(Self.sampled)
    let most = (even + largest.compactMap { pixels($0.path) }).max() ?? 0
    count = max(1, paths.count)
    totalBytes = even.isEmpty ? 0 : 3 * even.reduce(0, +) / even.count * paths.count
    decodingBytes = (largest.first?.bytes ?? 0) + (3 + 2 * 4) * most
  }

  /// How many of `threads` threads may decode at a time in half of the memory that is free.
  package func threads(_ threads: Int, free: Int? = ProcessMemory.available) -> Int {
    guard let free else { return threads }
    return min(threads, max(1, free / 2 / max(1, decodingBytes)))
  }
}
