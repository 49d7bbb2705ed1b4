/// From 8 bits to what a network reads: scaled to [0, 1], then each channel less its mean, over its
/// standard deviation; torchvision's `ToDtype(float32, scale=True)` and `Normalize`, in the same
/// Float32 steps.
public struct Normalize: Sendable, Equatable {
  /// Per channel (R, G, B), on the scale [0, 1].
  public let mean: SIMD3<Double>
  /// Per channel (R, G, B), on the scale [0, 1]; none is 0.
  public let standardDeviation: SIMD3<Double>
  /// The result for every sample value: 256 for red, 256 for green, 256 for blue.
  private let table: [Float]

  /// A normalisation by per-channel means and standard deviations on the scale [0, 1].
  public init(mean: SIMD3<Double>, standardDeviation: SIMD3<Double>) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    table = (0..<3).flatMap { channel in
      (0..<256).map { value in
        (Float(value) * Float(1.0 / 255) - Float(mean[channel])) / Float(standardDeviation[channel])
      }
    }
  }

  /// Writes the picture to `destination`: `[height, width, 3]`.
  public func write(_ canvas: Canvas, to destination: UnsafeMutablePointer<Float>) {
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
}
