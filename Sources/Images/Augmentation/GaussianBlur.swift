import Common
import ElementaryFunctions

/// Blurs the image with a Gaussian of random width.
///
/// Draws the standard deviation.
package struct GaussianBlur: Augmentation, Equatable {
  package static let name = "GaussianBlur"
  package static let parameterNames = ["kernel_size", "sigma"]

  /// The kernel's width and height in pixels: odd numbers.
  package let kernelSize: SIMD2<Int>
  /// The range of standard deviations in pixels.
  package let sigma: ClosedRange<Double>

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    let message = "must be an odd number from 1 to 255, or a list of two"
    let sizes: [Double]
    if parameters.isList("kernel_size") {
      sizes = try parameters.list("kernel_size", counts: [2]) ?? []
    } else {
      let size = try parameters.number("kernel_size", in: 1...255, default: 0, is: message)
      sizes = [size, size]
    }
    guard sizes.allSatisfy({ $0 >= 1 && $0 <= 255 && Int(exactly: $0).map { $0 % 2 } == 1 }) else {
      throw parameters.error("kernel_size", message)
    }
    kernelSize = SIMD2(Int(sizes[0]), Int(sizes[1]))
    if parameters.isList("sigma") {
      sigma = try parameters.positiveEnds("sigma") ?? 0.1...2
    } else {
      let bound = Double(Float.greatestFiniteMagnitude)
      let value = try parameters.number(
        "sigma", in: Double(Float.leastNormalMagnitude)...bound, default: 0,
        is: "must be above 0, a number or two")
      sigma = value == 0 ? 0.1...2 : value...value
    }
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) throws(SweepError) -> [any ImageOperation] {
    let deviation = random.uniform(in: sigma)
    guard kernelSize.x / 2 < width, kernelSize.y / 2 < height else {
      throw SweepError(
        .badInput,
        "the image has \(width) × \(height) pixels, too few for \(Self.name) with kernel_size "
          + "[\(kernelSize.x), \(kernelSize.y)]",
        advice: "remove the image, or use a smaller kernel_size")
    }
    return [Blur(kernelSize: kernelSize, sigma: deviation)]
  }
}

/// Convolves with a Gaussian, with reflected borders: torchvision's `gaussian_blur`.
///
/// torchvision converts to Float32, convolves in PyTorch and rounds. The weights are computed in the
/// same steps, but PyTorch's exponential is not rounded correctly, so weights differ by a few units
/// in the last place; a sample in about 100,000 differs by 1. The sum of products has PyTorch's order:
/// fused multiply-adds over the kernel's rows.
struct Blur: ImageOperation, Equatable {
  /// Width and height: odd numbers, less than twice the image's.
  let kernelSize: SIMD2<Int>
  let sigma: Double

  func apply(to canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    let (across, down) = (Self.kernel(kernelSize.x, sigma), Self.kernel(kernelSize.y, sigma))
    let weights = down.flatMap { weight in across.map { $0 * weight } }
    let (marginX, marginY) = (kernelSize.x / 2, kernelSize.y / 2)
    let paddedWidth = width + 2 * marginX
    let rows = 0..<(height + 2 * marginY)
    canvas.replace(width: width, height: height) { old, new in
      new.update(repeating: 0)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: paddedWidth * rows.count) { padded in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { sums in
          for shift in [UInt32(0), 8, 16] {
            for row in rows {
              let source = Self.reflected(row - marginY, height) * width
              for column in 0..<paddedWidth {
                let sample = old[source + Self.reflected(column - marginX, width)] >> shift & 255
                padded[row * paddedWidth + column] = Float(sample)
              }
            }
            for row in 0..<height {
              convolve(padded, row: row, width: paddedWidth, by: weights, into: sums)
              for column in 0..<width {
                let sample = UInt32(sums[column].rounded(.toNearestOrEven))
                new[row * width + column] |= min(sample, 255) << shift
              }
            }
          }
        }
      }
    }
  }

  private func convolve(
    _ padded: UnsafeMutableBufferPointer<Float>, row: Int, width: Int, by weights: [Float],
    into sums: UnsafeMutableBufferPointer<Float>
  ) {
    sums.update(repeating: 0)
    let count = sums.count
    for down in 0..<kernelSize.y {
      for across in 0..<kernelSize.x {
        let weight = weights[down * kernelSize.x + across]
        let start = (row + down) * width + across
        let line = UnsafeMutableBufferPointer(rebasing: padded[start..<(start + count)])
        for column in 0..<count {
          sums[column] = sums[column].addingProduct(line[column], weight)
        }
      }
    }
  }

  /// The index inside 0..<count that mirroring at the first and the last one gives.
  @inline(__always)
  private static func reflected(_ index: Int, _ count: Int) -> Int {
    let positive = abs(index)
    return positive < count ? positive : 2 * (count - 1) - positive
  }

  /// The normalized weights of `size` pixels, in torchvision's Float32 steps.
  static func kernel(_ size: Int, _ sigma: Double) -> [Float] {
    let limit = Double(size - 1) / (2 * 2.0.squareRoot())
    let points = size == 1 ? [0] : (0..<size).map { Float.linspace(-limit, limit, size, $0) }
    let exponents = points.map { point in
      let ratio = point / Float(sigma)
      return -(ratio * ratio)
    }
    let largest = exponents.max() ?? 0
    let values = exponents.map { Float(Double.exp(Double($0 - largest))) }
    let sum = Float(values.reduce(0) { $0 + Double($1) })
    return values.map { $0 / sum }
  }
}

extension Float {
  /// Element `index` of PyTorch's `linspace(start, end, count)` in Float32; `count` is at least 2.
  static func linspace(_ start: Double, _ end: Double, _ count: Int, _ index: Int) -> Float {
    let (start, end) = (Float(start), Float(end))
    let step = (end - start) / Float(count - 1)
    return index < count / 2
      ? start.addingProduct(step, Float(index))
      : end.addingProduct(-step, Float(count - 1 - index))
  }
}
