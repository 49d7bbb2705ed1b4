import Common
import Foundation
import Networks
import Testing

@testable import Kernels

/// A pool over 2 images of 2 channels, with what PyTorch 2's `max_pool2d` computes: the values have
/// many equal maxima.
struct MaxPoolCase: Sendable, CustomTestStringConvertible {
  var kernel: (size: Int, stride: Int, padding: Int)
  var size: (height: Int, width: Int)
  /// `[N, H', W', C]`.
  var output: [Float]
  /// The gradient of the input, `[N, H, W, C]`.
  var gradient: [Float]

  var testDescription: String { "\(kernel), \(size)" }
  var outputSize: (height: Int, width: Int) {
    func outputs(_ size: Int) -> Int {
      (size + 2 * kernel.padding - kernel.size) / kernel.stride + 1
    }
    return (outputs(size.height), outputs(size.width))
  }
}

@Suite struct MaxPoolTests {
  static let cases = [
    MaxPoolCase(
      kernel: (3, 2, 1), size: (5, 6),
      output: [
        1, 3, 3, 3, 3, 2, 2, 3, 3, 3, 3, 3, 1, 3, 2, 3, 1, 3, 2, 3, 3, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3,
        0, 2, 3, 3, 3,
      ],
      gradient: [
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -3, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 3, 0, 0, -1, 0, 0, 0, 0,
        0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2, 0, 0, -3, 0, 0, 0, 0, -2, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, -2, 0, 0, 3, 0, 0, -2, 0, 0, 0, 0, 0, 0, 2,
        0,
      ]),
    MaxPoolCase(
      kernel: (2, 2, 0), size: (4, 5),
      output: [
        1, 2, 2, 3, 3, 3, 2, 3, 2, 1, -1, 3, 1, 3, 2, 3,
      ],
      gradient: [
        1, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -3, 0, 0, 0, 0, -2, 0, 0, 0, 0, -2, 0, 0, 0, 0,
        0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, -2, 0, 2, 0, 0, 0, 0, 0,
        2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, -1, 0, 0, 0, 0,
      ]),
    MaxPoolCase(
      kernel: (3, 1, 1), size: (3, 3),
      output: [
        1, 2, 2, 2, 2, 2, 1, 3, 2, 3, 2, 3, 1, 3, 1, 3, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2,
        3, 2, 3, 1, 3,
      ],
      gradient: [
        1, 0, 0, -2, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 2, 0, 0, -1, 0, -2, 0, 0, 0, 6, -5, 0, -4, 2,
        0, 0, 0, 0, 0, 0, 0,
      ]),
    MaxPoolCase(
      kernel: (5, 3, 2), size: (7, 4),
      output: [
        3, 3, 3, 3, 3, 3, 3, 3, 2, 3, 2, 3, 2, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3, 3,
      ],
      gradient: [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -5, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, -1, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, -3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, -2, -2, 0, 0, 0,
      ]),
  ]

  /// Whole numbers from −3 to 3 by a linear congruential generator.
  private func numbers(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int((state >> 24) % 7) - 3)
    }
  }

  private func padded(_ values: [Float]) -> Floats {
    var rows = [Float](repeating: 0, count: values.count / 2 * lanes)
    for (index, value) in values.enumerated() { rows[index / 2 * lanes + index % 2] = value }
    return Floats(rows)
  }

  private func unpadded(_ floats: Floats) -> [Float] {
    floats.values.enumerated().compactMap { $0.offset % lanes < 2 ? $0.element : nil }
  }

  @Test(
    "Maxima are PyTorch's, and the gradient goes to the first of equal ones", arguments: cases)
  func agreesWithPyTorch(_ shape: MaxPoolCase) {
    let (height, width) = shape.outputSize
    let pixels = 2 * shape.size.height * shape.size.width
    let input = padded(numbers(2 * pixels, seed: 1))
    let output = Floats(count: 2 * height * width * lanes)
    let gradient = padded(numbers(2 * 2 * height * width, seed: 2))
    let maps = [input, output].enumerated().map { index, floats in
      FeatureMap(
        data: floats.start, height: index == 0 ? shape.size.height : height,
        width: index == 0 ? shape.size.width : width, channels: 2, stride: lanes)
    }
    let kernel = MaxPoolKernel(
      kernelSize: shape.kernel.size, stride: shape.kernel.stride, padding: shape.kernel.padding)
    for threads in [1, 3] {
      let pool = ThreadPool(threads: threads)
      let destination = Floats([Float](repeating: 1, count: pixels * lanes))
      kernel.forward(maps[0], batch: 2, output: maps[1], pool: pool)
      kernel.addInputGradient(
        gradient.start, input: maps[0], batch: 2, output: maps[1], to: destination.start,
        pool: pool)
      #expect(unpadded(output) == shape.output)
      #expect(unpadded(destination) == shape.gradient.map { $0 + 1 })
    }
  }

  @Test("A pool sees the activated values, and a value that is not a number wins")
  func activatedValues() {
    let input = padded([5, 9, 9, 0, .nan, 2, 1, 1])
    let output = Floats(count: lanes)
    let map = FeatureMap(
      data: input.start, height: 2, width: 2, channels: 2, stride: lanes,
      activation: CompiledActivation(ReLU6()))
    let result = FeatureMap(data: output.start, height: 1, width: 1, channels: 2, stride: lanes)
    MaxPoolKernel(kernelSize: 2, stride: 2, padding: 0)
      .forward(map, batch: 1, output: result, pool: ThreadPool(threads: 1))
    #expect(unpadded(output)[0].isNaN && unpadded(output)[1] == 6)
  }
}

/// Memory that ends where the process may not read.
private final class GuardedFloats {
  let start: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer
  private let byteCount: Int

  init?(count: Int) {
    let page = Int(getpagesize())
    byteCount = (count * 4 + page - 1) / page * page + page
    guard
      let memory = mmap(
        nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0),
      memory != MAP_FAILED
    else { return nil }
    self.memory = memory
    mprotect(memory + byteCount - page, page, PROT_NONE)
    start = (memory + byteCount - page - count * 4).assumingMemoryBound(to: Float.self)
  }

  deinit { munmap(memory, byteCount) }
}

@Suite struct ImageBoundsTests {
  @Test(
    "A convolution reads no float beyond the last image",
    arguments: [(1, 1, 0), (1, 2, 0), (3, 1, 1), (3, 2, 0), (5, 3, 2)])
  func images(kernelSize: Int, stride: Int, padding: Int) throws {
    let (batch, size) = (2, 5)
    let images = try #require(GuardedFloats(count: batch * size * size * 3))
    for index in 0..<batch * size * size * 3 { images.start[index] = Float(index % 7) - 3 }
    let convolution = DenseConvolution(
      inputChannels: 3, outputChannels: 5, kernelSize: kernelSize, stride: stride, padding: padding)
    let outputs = (size + 2 * padding - kernelSize) / stride + 1
    let weights = Floats([Float](repeating: 0.5, count: convolution.weightCount))
    let packed = Floats(count: convolution.packedCount)
    convolution.pack(weights.start, into: packed.start)
    let output = Floats(count: batch * outputs * outputs * convolution.outputStride)
    let scratch = Floats(count: convolution.scratchCount)
    let (input, pool) = (
      FeatureMap(data: images.start, height: size, width: size, channels: 3, stride: 3),
      ThreadPool(threads: 1)
    )
    let result = FeatureMap(
      data: output.start, height: outputs, width: outputs, channels: 5,
      stride: convolution.outputStride)
    _ = convolution.forward(
      input, batch: batch, weights: packed.start, output: result, sums: nil, pool: pool,
      scratch: scratch.start)
    let partials = Floats(count: convolution.partialCount(rows: batch * outputs * outputs))
    _ = convolution.backward(
      input, gradient: OutputGradient(data: output.start, raw: output.start, batchNorm: nil),
      batch: batch, height: outputs, width: outputs, transposed: packed.start,
      partials: partials.start, inputGradient: nil, pool: pool, scratch: scratch.start)
    #expect(output.start[0].isFinite && partials.start[0].isFinite)
  }
}
