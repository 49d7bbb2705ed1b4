import Foundation
import Kernels
import Networks

/// Memory for a test: floats that are freed with it.
final class Floats {
  let start: UnsafeMutablePointer<Float>
  let count: Int

  init(_ values: [Float]) {
    count = values.count
    start = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(1, count))
    start.initialize(from: values, count: count)
  }

  convenience init(count: Int) { self.init([Float](repeating: .nan, count: count)) }

  deinit { start.deallocate() }

  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

/// Memory for sums.
final class Doubles {
  let start: UnsafeMutablePointer<Double>
  let count: Int

  init(count: Int) {
    self.count = count
    start = .allocate(capacity: count)
    start.initialize(repeating: .nan, count: count)
  }

  deinit { start.deallocate() }

  /// Σ over chunks of entry `index` of `[chunks, size]`.
  func total(_ index: Int, size: Int, chunks: Int) -> Double {
    (0..<chunks).reduce(0) { $0 + start[$1 * size + index] }
  }
}

/// Numbers in [-1, 1) from a linear congruential generator: fixed, whatever the machine.
struct TestNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
  }

  /// `pixels` rows of `channels` numbers, each padded with zeros to `stride`.
  mutating func rows(_ pixels: Int, channels: Int, stride: Int) -> [Float] {
    var values = [Float](repeating: 0, count: pixels * stride)
    for pixel in 0..<pixels {
      for channel in 0..<channels { values[pixel * stride + channel] = next() }
    }
    return values
  }
}

/// A convolution in double precision, written as its definition reads.
struct ReferenceConvolution {
  var batch: Int
  var height: Int
  var width: Int
  var inputChannels: Int
  var outputChannels: Int
  var kernelSize: Int
  var stride: Int
  /// Zeros above and to the left, below and to the right.
  var padding: (before: Int, after: Int)
  var depthwise = false

  var outputHeight: Int { outputs(height) }
  var outputWidth: Int { outputs(width) }

  private func outputs(_ size: Int) -> Int {
    (size + padding.before + padding.after - kernelSize) / stride + 1
  }

  /// Calls `body` for every product: input element (pixel, channel), weight (tap, in, out), output
  /// element.
  func forEachProduct(
    _ body: (_ inPixel: Int, _ inChannel: Int, _ tap: Int, _ outPixel: Int, _ outChannel: Int) ->
      Void
  ) {
    for image in 0..<batch {
      for oy in 0..<outputHeight {
        for ox in 0..<outputWidth {
          let outPixel = (image * outputHeight + oy) * outputWidth + ox
          for ky in 0..<kernelSize {
            for kx in 0..<kernelSize {
              let (y, x) = (oy * stride - padding.before + ky, ox * stride - padding.before + kx)
              guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
              let inPixel = (image * height + y) * width + x
              let tap = ky * kernelSize + kx
              for out in 0..<outputChannels {
                if depthwise {
                  body(inPixel, out, tap, outPixel, out)
                } else {
                  for input in 0..<inputChannels { body(inPixel, input, tap, outPixel, out) }
                }
              }
            }
          }
        }
      }
    }
  }
}

/// An activation in double precision, and its derivative.
func reference(_ activation: any Activation, _ z: Double) -> (value: Double, slope: Double) {
  switch activation {
  case is ReLU: (max(z, 0), z > 0 ? 1 : 0)
  case is ReLU6: (min(max(z, 0), 6), z > 0 && z < 6 ? 1 : 0)
  case let leaky as LeakyReLU: z > 0 ? (z, 1) : (z * Double(leaky.slope), Double(leaky.slope))
  case is HardSwish: (z * min(max(z + 3, 0), 6) / 6, z <= -3 ? 0 : z >= 3 ? 1 : z / 3 + 0.5)
  case is HardSigmoid: (min(max(z + 3, 0), 6) / 6, abs(z) < 3 ? 1 / 6 : 0)
  case is SiLU:
    (z / (1 + exp(-z)), (1 + exp(-z) * (1 + z)) / ((1 + exp(-z)) * (1 + exp(-z))))
  default: (z, 1)
  }
}

/// The largest difference of two arrays, as a share of the largest element of the second.
func difference(_ values: [Double], _ expected: [Double]) -> Double {
  var (largest, scale) = (0.0, 1e-30)
  for (value, expected) in zip(values, expected) {
    guard value.isFinite else { return .infinity }
    largest = max(largest, abs(value - expected))
    scale = max(scale, abs(expected))
  }
  return values.count == expected.count ? largest / scale : .infinity
}
