import Common
import Images

/// Mean and standard deviation of a split's red, green and blue values, as fractions of 255, for
/// normalization.
///
/// There are two conventions, which differ if images vary in brightness or size: statistics of each
/// image averaged over the images, and statistics of all pixels together. Variances divide by the
/// number of pixels n, not n − 1.
package struct ChannelStatistics: Sendable, Equatable {
  /// The mean over images of each image's mean; three values, R, G, B.
  package let meanOfImageMeans: [Double]
  /// The mean over images of each image's standard deviation.
  package let meanOfImageStds: [Double]
  /// The mean of all pixels of all images.
  package let pooledMean: [Double]
  /// The standard deviation of all pixels of all images about their common mean.
  package let pooledStd: [Double]
  /// The median of the images' shorter sides, in pixels.
  package let medianSide: Int
  package let images, pixels: Int

  /// Decodes every image of `folder` at its own size on up to `threads` threads, whose number does
  /// not affect the result.
  ///
  /// `progress` is as in ``DataSetScan``; throws its `.interrupted`, or the error of the first
  /// broken image.
  package init(
    of folder: ImageFolder, threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    let outcomes = try decodeAll(folder.samples.count, threads: threads, progress: progress) {
      index throws(SweepError) in
      ImageSums(try Image(contentsOf: folder.path(of: folder.samples[index])))
    }
    var sums: [ImageSums] = []
    for outcome in outcomes { sums.append(try outcome.get()) }
    self.init(sums)
  }

  init(_ images: [ImageSums]) {
    let all = images.reduce(into: ImageSums()) { $0.add($1) }
    func average(_ figure: (ImageSums, Int) -> Double) -> [Double] {
      (0..<3).map { channel in
        images.reduce(0) { $0 + figure($1, channel) } / Double(images.count)
      }
    }
    meanOfImageMeans = average { $0.mean($1) }
    meanOfImageStds = average { $0.std($1) }
    pooledMean = (0..<3).map(all.mean)
    pooledStd = (0..<3).map(all.std)
    medianSide = images.map(\.side).sorted()[images.count / 2]
    self.images = images.count
    pixels = all.count
  }
}

/// The exact sums of an image's samples and their squares, per channel.
struct ImageSums: Sendable {
  private var sums = SIMD3<UInt64>(repeating: 0)
  private var squares = SIMD3<UInt64>(repeating: 0)
  private(set) var count = 0
  /// The shorter side in pixels.
  private(set) var side = 0

  init() {}

  init(_ image: Image) {
    count = image.width * image.height
    side = min(image.width, image.height)
    image.pixels.withUnsafeBufferPointer { pixels in
      for start in stride(from: 0, to: pixels.count, by: 3) {
        let pixel = SIMD3(
          UInt64(pixels[start]), UInt64(pixels[start + 1]), UInt64(pixels[start + 2]))
        sums &+= pixel
        squares &+= pixel &* pixel
      }
    }
  }

  mutating func add(_ other: ImageSums) {
    sums &+= other.sums
    squares &+= other.squares
    count += other.count
  }

  func mean(_ channel: Int) -> Double { Double(sums[channel]) / Double(count) / 255 }

  func std(_ channel: Int) -> Double {
    let mean = Double(sums[channel]) / Double(count)
    let variance = Double(squares[channel]) / Double(count) - mean * mean
    return max(variance, 0).squareRoot() / 255
  }
}
