/// Converts 8-bit samples to the network's input: scales to [0, 1], subtracts the channel's mean and
/// divides by its standard deviation.
///
/// The Float32 steps are those of torchvision's `ToDtype(float32, scale=True)` and `Normalize`.
package struct Normalize: Sendable, Equatable {
  /// Mean of each channel (R, G, B) on the scale [0, 1].
  package let mean: SIMD3<Double>
  /// Standard deviation of each channel (R, G, B) on the scale [0, 1]; none is 0.
  package let standardDeviation: SIMD3<Double>
  /// Lookup table: 256 results for red, then green, then blue.
  private let table: [Float]

  package init(mean: SIMD3<Double>, standardDeviation: SIMD3<Double>) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    table = (0..<3).flatMap { channel in
      (0..<256).map { value in
        (Float(value) * Float(1.0 / 255) - Float(mean[channel])) / Float(standardDeviation[channel])
      }
    }
  }

  /// Writes the normalized image to `destination`, `[height, width, 3]`.
  package func write(_ canvas: Canvas, to destination: UnsafeMutablePointer<Float>) {
    table.withUnsafeBufferPointer { table in
      canvas.withPixels { pixels in
        for index in pixels.indices {
          let word = Int(pixels[index])
          destination[3 &* index] = table[word & 255]
          destination[3 &* index &+ 1] = table[256 &+ (word &>> 8 & 255)]
          destination[3 &* index &+ 2] = table[512 &+ (word &>> 16 & 255)]
        }
      }
    }
  }

  /// The image that ``write(_:to:)`` made `pixels` of, `[side, side, 3]`, as far as 8 bits hold it.
  package func image(_ pixels: [Float], side: Int) -> Image {
    let samples = pixels.enumerated().map { index, value in
      let (mean, deviation) = (mean[index % 3], standardDeviation[index % 3])
      return UInt8(max(0, min(255, ((Double(value) * deviation + mean) * 255).rounded())))
    }
    return Image(width: side, height: side, pixels: samples)
  }
}
