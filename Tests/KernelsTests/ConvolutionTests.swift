import Networks
import Testing

@testable import Kernels

/// A convolution's shape as a test argument.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var batch: Int
  var size: (height: Int, width: Int)
  var channels: (in: Int, out: Int)
  var kernel: (size: Int, stride: Int, padding: Int)
  var activation: any Activation
  var depthwise = false
  /// Zeros below and to the right; nil: as many as above and to the left.
  var paddingAfter: Int?
  /// Whether another reader has contributed to the input's gradient.
  var hasAddend = true
  /// Whether all images are the same.
  var repeatsImage = false

  var testDescription: String {
    "\(batch)×\(size.height)×\(size.width), \(channels.in)→\(channels.out), \(kernel), \(activation)"
      + (paddingAfter.map { ", \($0) after" } ?? "") + (hasAddend ? "" : ", only reader")
  }

  var reference: ReferenceConvolution {
    ReferenceConvolution(
      batch: batch, height: size.height, width: size.width, inputChannels: channels.in,
      outputChannels: channels.out, kernelSize: kernel.size, stride: kernel.stride,
      padding: (kernel.padding, paddingAfter ?? kernel.padding), depthwise: depthwise)
  }
}

private let relu6 = ReLU6()

private let denseCases = [
  ConvolutionCase(
    batch: 2, size: (5, 7), channels: (8, 16), kernel: (1, 1, 0), activation: relu6),
  ConvolutionCase(
    batch: 3, size: (3, 3), channels: (5, 11), kernel: (1, 1, 0), activation: Identity()),
  ConvolutionCase(
    batch: 1, size: (1, 1), channels: (33, 10), kernel: (1, 1, 0), activation: relu6),
  ConvolutionCase(
    batch: 2, size: (14, 13), channels: (24, 40), kernel: (1, 1, 0),
    activation: LeakyReLU()),
  ConvolutionCase(
    batch: 5, size: (9, 9), channels: (130, 70), kernel: (1, 1, 0), activation: relu6),
  ConvolutionCase(
    batch: 2, size: (7, 5), channels: (11, 24), kernel: (1, 2, 0),
    activation: LeakyReLU()),
  ConvolutionCase(
    batch: 2, size: (6, 7), channels: (40, 24), kernel: (1, 1, 0), activation: HardSwish()),
  ConvolutionCase(
    batch: 7, size: (1, 1), channels: (24, 9), kernel: (1, 1, 0), activation: HardSigmoid()),
  ConvolutionCase(
    batch: 3, size: (6, 5), channels: (5, 11), kernel: (3, 1, 1), activation: relu6),
  ConvolutionCase(
    batch: 2, size: (8, 8), channels: (24, 16), kernel: (3, 2, 0), activation: HardSwish(),
    paddingAfter: 1),
  ConvolutionCase(
    batch: 2, size: (7, 9), channels: (9, 8), kernel: (5, 2, 2), activation: Identity()),
]

private let depthwiseCases = [
  (1, 3, 1, 8, 8), (2, 3, 1, 5, 7), (2, 3, 2, 11, 9), (3, 3, 2, 33, 14), (1, 5, 1, 24, 9),
  (2, 5, 2, 16, 12), (33, 3, 1, 8, 3), (2, 3, 2, 40, 1), (4, 3, 2, 16, 2),
].map { batch, kernel, stride, channels, size in
  ConvolutionCase(
    batch: batch, size: (size, size + (size > 2 ? 1 : 0)), channels: (channels, channels),
    kernel: (kernel, stride, kernel / 2), activation: relu6, depthwise: true)
}

/// "Same" padding as TensorFlow has it at stride 2: at even sizes one less above and to the left.
private let unevenCases = [(3, 8, 0, 1), (3, 7, 1, 1), (5, 8, 1, 2), (5, 9, 2, 2), (3, 1, 1, 1)].map
{
  kernel, size, before, after in
  ConvolutionCase(
    batch: 2, size: (size, size), channels: (24, 24), kernel: (kernel, 2, before),
    activation: HardSwish(), depthwise: true, paddingAfter: after)
}

/// What the usual loops are compiled for: the input's only reader.
private let onlyReaderCases = (denseCases + depthwiseCases).map { shape in
  var shape = shape
  shape.hasAddend = false
  return shape
}

private let cases = denseCases + depthwiseCases + unevenCases + onlyReaderCases

@Suite struct ConvolutionTests {
  @Test(
    "Forward, statistics and gradients are those of the definition in double precision",
    arguments: cases, [1, 3])
  func agreesWithDefinition(_ shape: ConvolutionCase, threads: Int) {
    let run = ConvolutionRun(shape, threads: threads)
    let expected = ConvolutionExpectation(shape, run)
    #expect(difference(run.outputs, expected.outputs) < 1e-6)
    #expect(difference(run.statistics, expected.statistics) < 1e-6)
    #expect(difference(run.weightGradients, expected.weightGradients) < 2e-6)
    #expect(difference(run.inputGradients, expected.inputGradients) < 2e-6)
    // Only depthwise convolutions and 1×1 convolutions with stride 1 gather these sums.
    #expect(
      (run.gradientSums == nil)
        == (!shape.depthwise && (shape.kernel.size, shape.kernel.stride) != (1, 1)))
    if let sums = run.gradientSums { #expect(difference(sums, expected.gradientSums) < 2e-6) }
  }

  @Test("The stem reads unpadded images and gives its weights' gradient")
  func stem() {
    let shape = ConvolutionCase(
      batch: 2, size: (9, 12), channels: (3, 11), kernel: (3, 2, 1), activation: Identity())
    let run = ConvolutionRun(shape, threads: 2)
    let expected = ConvolutionExpectation(shape, run)
    #expect(difference(run.outputs, expected.outputs) < 1e-6)
    #expect(difference(run.weightGradients, expected.weightGradients) < 2e-6)
  }

  @Test("The stem can pad one side alone, or none", arguments: [(9, 0, 1), (8, 0, 1), (9, 0, 0)])
  func unevenStem(size: Int, before: Int, after: Int) {
    let shape = ConvolutionCase(
      batch: 2, size: (size, size), channels: (3, 11), kernel: (3, 2, before),
      activation: Identity(), paddingAfter: after)
    let run = ConvolutionRun(shape, threads: 2)
    let expected = ConvolutionExpectation(shape, run)
    #expect(difference(run.outputs, expected.outputs) < 1e-6)
    #expect(difference(run.weightGradients, expected.weightGradients) < 2e-6)
  }

  @Test(
    "A map too large for the caches, stored past them, has the same values as a small one",
    arguments: [
      ConvolutionCase(
        batch: 18, size: (61, 60), channels: (16, 32), kernel: (1, 1, 0), activation: relu6),
      ConvolutionCase(
        batch: 18, size: (61, 60), channels: (16, 16), kernel: (3, 1, 1), activation: relu6,
        depthwise: true),
      ConvolutionCase(
        batch: 18, size: (61, 60), channels: (16, 16), kernel: (3, 2, 1), activation: relu6,
        depthwise: true),
    ])
  func streamedMap(_ shape: ConvolutionCase) {
    var shape = shape
    (shape.hasAddend, shape.repeatsImage) = (false, true)
    let map = Floats(count: shape.batch * 61 * 60 * 16)
    #expect(isStreamed(map.start, pixels: shape.batch * 61 * 60, stride: 16))
    let large = ConvolutionRun(shape, threads: 2)
    let batch = shape.batch
    shape.batch = 1
    let small = ConvolutionRun(shape, threads: 1)
    #expect(small.outputs.contains { $0 != 0 } && small.inputGradients.contains { $0 != 0 })
    let (outputs, gradients) = (small.outputs.count, small.inputGradients.count)
    for image in 0..<batch {
      #expect(
        large.outputs[image * outputs..<(image + 1) * outputs].elementsEqual(small.outputs))
      #expect(
        large.inputGradients[image * gradients..<(image + 1) * gradients]
          .elementsEqual(small.inputGradients))
    }
  }

  /// Layers wide enough for tasks that have some of the channels of a chunk.
  static let wide = [
    ConvolutionCase(
      batch: 3, size: (7, 7), channels: (300, 523), kernel: (1, 1, 0), activation: ReLU6()),
    ConvolutionCase(
      batch: 2, size: (8, 8), channels: (270, 40), kernel: (1, 2, 0), activation: ReLU()),
    ConvolutionCase(
      batch: 3, size: (7, 9), channels: (300, 300), kernel: (3, 1, 1), activation: ReLU6(),
      depthwise: true),
  ]

  @Test("The number of threads does not change a bit", arguments: cases + wide)
  func threadsDoNotMatter(_ shape: ConvolutionCase) {
    let one = ConvolutionRun(shape, threads: 1)
    for threads in [2, 3, 5, 48] {
      let many = ConvolutionRun(shape, threads: threads)
      #expect(many.outputs == one.outputs)
      #expect(many.statistics == one.statistics)
      #expect(many.weightGradients == one.weightGradients)
      #expect(many.inputGradients == one.inputGradients)
      #expect(many.gradientSums == one.gradientSums)
    }
  }
}
