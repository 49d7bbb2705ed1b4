import Common
import Networks
import Testing

@testable import Kernels

/// The results of kernels, to the bit.
///
/// These tests are compiled for vectors of 8 and of 16 floats: both must give the same digests.
@Suite struct KernelBitsTests {
  /// Numbers of channels that are no multiple of 8, and one where blocks of rows would have another
  /// size if it followed from the channels as they are padded.
  static let convolutions: [(ConvolutionCase, String)] = [
    (
      ConvolutionCase(
        batch: 2, size: (14, 14), channels: (230, 246), kernel: (1, 1, 0), activation: ReLU6()),
      "dense"
    ),
    (
      ConvolutionCase(
        batch: 5, size: (9, 8), channels: (11, 24), kernel: (1, 1, 0), activation: HardSwish(),
        hasAddend: false),
      "narrow"
    ),
    (
      ConvolutionCase(
        batch: 3, size: (17, 15), channels: (3, 11), kernel: (3, 2, 1), activation: Identity()),
      "stem"
    ),
    (
      ConvolutionCase(
        batch: 2, size: (12, 11), channels: (21, 13), kernel: (3, 1, 1), activation: SiLU()),
      "3×3"
    ),
    (
      ConvolutionCase(
        batch: 33, size: (9, 7), channels: (43, 43), kernel: (3, 1, 1),
        activation: LeakyReLU(), depthwise: true), "depthwise"
    ),
    (
      ConvolutionCase(
        batch: 3, size: (20, 13), channels: (20, 20), kernel: (5, 2, 2), activation: ReLU(),
        depthwise: true), "5×5"
    ),
  ]

  private static let digests = [
    "dense": "2748795e78bc05cb7915df9b09a09f1d549c3999d320abcee09106676b770fa2",
    "narrow": "71302a5fd5916ed043ead46d919c334defa7db3dae865079efc1aa011d640fbb",
    "stem": "6414b51c5c51a04aafa7950e78586e925f97b95c51b8c5e9828e580cdaea6054",
    "3×3": "56aa459e57b21fa6fc97e03192f585a206c71dc6e67bb160b062d0f958d99292",
    "depthwise": "d7b348a46b33365686504e752a4ff1e6ef37db109bd306f81ed3dce3855a2302",
    "5×5": "06cc4e3ef421d17a4358e26bb93695f3877b7e2de8a9417240ac2f162e321084",
    "multiply": "a5937b9179df019b093c809bed2d31770055fe62e4e87e2f2e9887e84699bf16",
    "add": "218a24e8748474d1620307fee0c4ebd4d8ba6d8ad680aadf98f0a90b2d95dcdf",
    "loss": "d3b100bd42846fb56534a89d58283119b2f68568bbcccb6e7cbc823ea4511356",
  ]

  @Test("A convolution gives the same bits at every width of the vectors", arguments: convolutions)
  func convolution(_ shape: ConvolutionCase, _ name: String) {
    let run = ConvolutionRun(shape, threads: 2)
    expect(
      name, run.outputs, run.statistics, run.weightGradients, run.inputGradients,
      run.gradientSums ?? [])
  }

  @Test("A product and a sum of maps give the same bits at every width of the vectors")
  func elementwise() {
    let (batch, size, channels) = (4, 35, 21)
    let stride = padded(channels)
    var numbers = TestNumbers(3)
    func rows(_ count: Int) -> Floats {
      Floats(numbers.rows(count, channels: channels, stride: stride))
    }
    func map(_ data: Floats, _ scale: Floats, _ shift: Floats, _ activation: any Activation)
      -> FeatureMap
    {
      FeatureMap(
        data: data.start, height: data.count / stride / batch, width: 1, channels: channels,
        stride: stride, affine: Affine(scale: scale.start, shift: shift.start),
        activation: CompiledActivation(activation))
    }
    let (factors, others, gate, gradient) =
      (rows(batch * size), rows(batch * size), rows(batch), rows(batch * size))
    let (scale, shift) = (rows(1), rows(1))
    let (a, b) = (map(factors, scale, shift, SiLU()), map(others, shift, scale, HardSwish()))
    let factor = map(gate, scale, shift, HardSigmoid())
    let output = Floats(count: batch * size * stride)
    let gradients = (Floats(count: batch * size * stride), Floats(count: batch * stride))
    let sums = Doubles(count: WorkSplit.mostChunks * 2 * stride)
    let pool = ThreadPool(threads: 2)
    let scratch = Floats(count: 2 * MultiplyKernel.scratchCount(stride: stride))
    let finish = InputGradient.Finish(
      normalized: Affine(scale: scale.start, shift: shift.start), sums: sums.start)

    MultiplyKernel.forward(
      a, gate: factor, batch: batch, output: output.start, pool: pool, scratch: scratch.start)
    var partial = MultiplyKernel.backward(
      gradient.start, map: a, gate: factor, batch: batch,
      destination: InputGradient(data: gradients.0.start, addend: nil, finish: finish),
      gateGradient: gradients.1.start, pool: pool, scratch: scratch.start)
    func values(_ floats: Floats) -> [Double] {
      floats.values.enumerated().filter { $0.offset % stride < channels }.map { Double($0.element) }
    }
    func totals() -> [Double] {
      (0..<2 * channels).map {
        sums.total(
          $0 / channels * stride + $0 % channels, size: 2 * stride, chunks: partial.count)
      }
    }
    expect("multiply", values(output), values(gradients.0), values(gradients.1), totals())

    AddKernel.forward(a, b, batch: batch, output: output.start, pool: pool, scratch: scratch.start)
    partial = AddKernel.backward(
      gradient.start, input: b, batch: batch,
      destination: InputGradient(data: gradients.0.start, addend: nil, finish: finish), pool: pool)
    expect("add", values(output), values(gradients.0), totals())
    withExtendedLifetime((scale, shift, factors, others, gate)) {}
  }

  @Test("The loss and its gradient have the same bits at every width of the vectors")
  func loss() {
    let (classes, samples) = (11, 40)
    let stride = padded(classes)
    var numbers = TestNumbers(5)
    let logits = Floats(
      numbers.rows(samples, channels: classes, stride: stride).map { $0 * 20 })
    let bias = Floats(numbers.rows(1, channels: classes, stride: stride))
    let gradient = Floats(count: samples * stride)
    let sums = Doubles(count: 2 * stride)
    let result = CrossEntropy.run(
      logits: logits.start, bias: bias.start, classes: classes, stride: stride,
      labels: (0..<Int32(samples)).map { $0 % Int32(classes) }, labelSmoothing: 0.1,
      gradient: gradient.start, sums: sums.start, pool: ThreadPool(threads: 2))
    let values = gradient.values.enumerated().filter { $0.offset % stride < classes }
    expect("loss", [result.lossSum], values.map { Double($0.element) })
  }

  @Test("Chunks of a wide layer do not depend on the width of the vectors")
  func chunks() {
    let convolution = DenseConvolution(inputChannels: 563, outputChannels: 563)
    #expect(convolution.mostBackwardChunks(rows: 256 * 49) == 52)
    #expect(DenseConvolution(inputChannels: 230, outputChannels: 246).blockRows == 84)
  }

  private func expect(_ name: String, _ values: [Double]...) {
    let text = values.joined().map { String($0.bitPattern, radix: 16) }.joined(separator: " ")
    #expect(SHA256.hash(text.utf8) == Self.digests[name], "\(name) with \(lanes) lanes")
  }
}
