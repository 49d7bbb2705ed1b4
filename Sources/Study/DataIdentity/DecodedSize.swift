import Common
import Images

/// The memory that a data set's images take when decoded, estimated from the headers of the largest
/// files and of others at even intervals.
package struct DecodedSize: Sendable {
  private static let sampled = 64
  let count: Int
  /// Estimated bytes of all images, 3 per pixel.
  let totalBytes: Int
  /// The most bytes that one thread takes to prepare an image: the file, the decoded image, and two
  /// canvases of 4 bytes per pixel.
  let decodingBytes: Int

  /// The path of the image with the most pixels.
  private let largest: String

  package init(_ data: DataSet) {
    let paths = data.splits.flatMap { folder in folder.samples.map(folder.path) }
    // The decoder reports a broken image.
    func pixels(_ path: String) -> Int? {
      (try? Image.size(ofFile: path)).map { $0.width * $0.height }
    }
    let even = stride(from: 0, to: paths.count, by: max(1, paths.count / Self.sampled))
      .compactMap { pixels(paths[$0]) }
    let largest = paths.map { (path: $0, bytes: DiskFiles().size($0) ?? 0) }
      .sorted { $0.bytes > $1.bytes }.prefix(Self.sampled)
    let sizes = largest.compactMap { file in pixels(file.path).map { (file.path, $0) } }
    let most = sizes.max { $0.1 < $1.1 }
    self.largest = most?.0 ?? ""
    count = max(1, paths.count)
    totalBytes = even.isEmpty ? 0 : 3 * even.reduce(0, +) / even.count * paths.count
    decodingBytes = (largest.first?.bytes ?? 0) + (3 + 2 * 4) * max(most?.1 ?? 0, even.max() ?? 0)
  }

  /// The number of threads, up to `threads`, that can decode in half of the free memory.
  ///
  /// Throws if a single image does not fit.
  package func threads(
    _ threads: Int, free: Int? = ProcessMemory.available
  ) throws(SweepError) -> Int {
    guard let free else { return threads }
    guard decodingBytes <= free else {
      throw SweepError(
        .resources, at: largest,
        "preparing the image takes \(Format.bytes(decodingBytes)) of memory, "
          + "\(Format.bytes(free)) are free",
        advice: "make the image smaller, or raise the limit")
    }
    return min(threads, max(1, free / 2 / max(1, decodingBytes)))
  }
}
