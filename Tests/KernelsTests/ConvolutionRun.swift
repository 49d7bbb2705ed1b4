import Common
import Kernels
import Networks

/// A convolution run forward and backward by the kernels on fixed numbers: as the last reader of a
/// normalized input, to which another reader may have contributed.
struct ConvolutionRun {
  let input: [Float]
  let weights: [Float]
  let gradient: [Float]
  let addend: [Float]
  let affine: (scale: [Float], shift: [Float])
  let normalized: (scale: [Float], shift: [Float])
  let coefficients: (a: [Float], b: [Float], c: [Float])

  /// Without the padding.
  private(set) var outputs: [Double] = []
  private(set) var statistics: [Double] = []
  private(set) var weightGradients: [Double] = []
  private(set) var inputGradients: [Double] = []
  private(set) var gradientSums: [Double]?

  init(_ shape: ConvolutionCase, threads: Int) {
    let reference = shape.reference
    let isImage = shape.channels.in == 3
    let inStride = isImage ? 3 : padded(shape.channels.in)
    let outStride = padded(shape.channels.out)
    let inPixels = shape.batch * shape.size.height * shape.size.width
    let outPixels = shape.batch * reference.outputHeight * reference.outputWidth
    var numbers = TestNumbers(7)
    func row(_ channels: Int, _ stride: Int) -> [Float] {
      numbers.rows(1, channels: channels, stride: stride)
    }
    func map(_ pixels: Int, _ channels: Int, _ stride: Int) -> [Float] {
      guard shape.repeatsImage else {
        return numbers.rows(pixels, channels: channels, stride: stride)
      }
      let image = numbers.rows(pixels / shape.batch, channels: channels, stride: stride)
      return Array(repeatElement(image, count: shape.batch).joined())
    }
    input = map(inPixels, shape.channels.in, inStride)
    let area = shape.kernel.size * shape.kernel.size
    let depth = shape.depthwise ? area : area * shape.channels.in
    weights = numbers.rows(depth, channels: shape.channels.out, stride: outStride)
    gradient = map(outPixels, shape.channels.out, outStride)
    let share = map(inPixels, shape.channels.in, inStride)
    addend = shape.hasAddend ? share : share.map { _ in 0 }
    affine = (row(shape.channels.in, inStride).map { $0 * 8 }, row(shape.channels.in, inStride))
    normalized = (row(shape.channels.in, inStride), row(shape.channels.in, inStride))
    coefficients = (
      row(shape.channels.out, outStride), row(shape.channels.out, outStride),
      row(shape.channels.out, outStride)
    )

    let pool = ThreadPool(threads: threads)
    let buffers = [
      input, weights, gradient, addend, affine.scale, affine.shift, normalized.scale,
      normalized.shift, coefficients.a, coefficients.b, coefficients.c,
    ].map(Floats.init)
    let output = Floats(count: outPixels * outStride)
    let inputGradient = Floats(count: inPixels * inStride)
    let sums = Doubles(count: 64 * 2 * max(inStride, outStride))
    let inputMap = FeatureMap(
      data: buffers[0].start, height: shape.size.height, width: shape.size.width,
      channels: shape.channels.in, stride: inStride,
      affine: isImage ? nil : Affine(scale: buffers[4].start, shift: buffers[5].start),
      activation: CompiledActivation(shape.activation))
    let outputMap = FeatureMap(
      data: output.start, height: reference.outputHeight, width: reference.outputWidth,
      channels: shape.channels.out, stride: outStride)
    let outputGradient = OutputGradient(
      data: buffers[2].start, raw: output.start,
      batchNorm: BatchNormGradient(
        a: buffers[8].start, b: buffers[9].start, c: buffers[10].start))
    let isPointwise = shape.kernel.size == 1 && shape.kernel.stride == 1
    let finishes = !isImage && (shape.depthwise || isPointwise)
    if !finishes { inputGradient.start.update(from: addend, count: addend.count) }
    let destination = InputGradient(
      data: inputGradient.start,
      addend: finishes
        ? (shape.hasAddend ? UnsafePointer(buffers[3].start) : nil)
        : UnsafePointer(inputGradient.start),
      finish: finishes
        ? .init(
          normalized: Affine(scale: buffers[6].start, shift: buffers[7].start), sums: sums.start)
        : nil)
    let partials = Floats(count: 64 * weights.count)
    let weightGradient = Floats(count: weights.count)
    let partialSums: PartialSums
    if shape.depthwise {
      let convolution = DepthwiseConvolution(
        channels: shape.channels.in, kernelSize: shape.kernel.size, stride: shape.kernel.stride,
        padding: shape.kernel.padding)
      let scratch = Floats(count: threads * convolution.scratchCount(width: shape.size.width))
      let forwardSums = convolution.forward(
        inputMap, batch: shape.batch, weights: buffers[1].start, output: outputMap,
        sums: sums.start, pool: pool, scratch: scratch.start)
      statistics = Self.totals(sums, stride: outStride, channels: shape.channels.out, forwardSums)
      partialSums = convolution.backward(
        inputMap, gradient: outputGradient, batch: shape.batch, height: outputMap.height,
        width: outputMap.width, weights: buffers[1].start, partials: partials.start,
        inputGradient: destination, pool: pool, scratch: scratch.start)
    } else {
      let convolution = DenseConvolution(
        inputChannels: shape.channels.in, outputChannels: shape.channels.out,
        kernelSize: shape.kernel.size, stride: shape.kernel.stride, padding: shape.kernel.padding)
      let scratch = Floats(count: threads * convolution.scratchCount)
      let packed = Floats(count: convolution.packedCount)
      let transposed = Floats(count: convolution.packedTransposeCount)
      convolution.pack(buffers[1].start, into: packed.start)
      convolution.packTranspose(buffers[1].start, into: transposed.start)
      let forwardSums = convolution.forward(
        inputMap, batch: shape.batch, weights: packed.start, output: outputMap, sums: sums.start,
        pool: pool, scratch: scratch.start)
      statistics = Self.totals(sums, stride: outStride, channels: shape.channels.out, forwardSums)
      partialSums = convolution.backward(
        inputMap, gradient: outputGradient, batch: shape.batch, height: outputMap.height,
        width: outputMap.width, transposed: transposed.start, partials: partials.start,
        inputGradient: isImage || shape.kernel.size > 1 ? nil : destination, pool: pool,
        scratch: scratch.start)
      if shape.kernel.size > 1 && !isImage {
        convolution.addInputGradient(
          outputGradient, batch: shape.batch, height: outputMap.height, width: outputMap.width,
          input: inputMap, transposed: transposed.start, to: inputGradient.start, pool: pool,
          scratch: scratch.start)
      }
    }
    partialSums.reduce(
      partials.start, length: weights.count, into: weightGradient.start, pool: pool)
    outputs = Self.unpadded(output.values, stride: outStride, channels: shape.channels.out)
    weightGradients = Self.unpadded(
      weightGradient.values, stride: outStride, channels: shape.channels.out)
    if !isImage {
      inputGradients = Self.unpadded(
        inputGradient.values, stride: inStride, channels: shape.channels.in)
    }
    if finishes {
      gradientSums = Self.totals(sums, stride: inStride, channels: shape.channels.in, partialSums)
    }
  }

  private static func totals(
    _ sums: Doubles, stride: Int, channels: Int, _ partialSums: PartialSums
  ) -> [Double] {
    (0..<2 * channels).map {
      sums.total(
        $0 / channels * stride + $0 % channels, size: 2 * stride, chunks: partialSums.count)
    }
  }

  private static func unpadded(_ values: [Float], stride: Int, channels: Int) -> [Double] {
    (0..<values.count / stride * channels).map {
      Double(values[$0 / channels * stride + $0 % channels])
    }
  }
}

/// What a `ConvolutionRun` should have given, in double precision.
struct ConvolutionExpectation {
  private(set) var outputs: [Double]
  private(set) var statistics: [Double]
  private(set) var weightGradients: [Double]
  private(set) var inputGradients: [Double]
  private(set) var gradientSums: [Double]

  init(_ shape: ConvolutionCase, _ run: ConvolutionRun) {
    let reference = shape.reference
    let (inChannels, outChannels) = shape.channels
    let isImage = inChannels == 3
    let inStride = isImage ? 3 : padded(inChannels)
    let outStride = padded(outChannels)
    let inPixels = shape.batch * shape.size.height * shape.size.width
    let outPixels = shape.batch * reference.outputHeight * reference.outputWidth
    let rows = run.weights.count / outStride

    func z(_ pixel: Int, _ channel: Int) -> Double {
      let raw = Double(run.input[pixel * inStride + channel])
      return isImage
        ? raw : raw * Double(run.affine.scale[channel]) + Double(run.affine.shift[channel])
    }
    func weightRow(_ tap: Int, _ channel: Int) -> Int {
      shape.depthwise ? tap : tap * inChannels + channel
    }
    let active = (0..<inPixels * inChannels).map {
      KernelsTests.reference(shape.activation, z($0 / inChannels, $0 % inChannels))
    }
    var outputs = [Double](repeating: 0, count: outPixels * outChannels)
    reference.forEachProduct { inPixel, inChannel, tap, outPixel, out in
      outputs[outPixel * outChannels + out] +=
        active[inPixel * inChannels + inChannel].value
        * Double(run.weights[weightRow(tap, inChannel) * outStride + out])
    }
    var statistics = [Double](repeating: 0, count: 2 * outChannels)
    for (index, value) in outputs.enumerated() {
      statistics[index % outChannels] += value
      statistics[outChannels + index % outChannels] += value * value
    }
    var weightGradients = [Double](repeating: 0, count: rows * outChannels)
    var shares = [Double](repeating: 0, count: inPixels * inChannels)
    reference.forEachProduct { inPixel, inChannel, tap, outPixel, out in
      let dz = Double(run.gradient[outPixel * outStride + out])
      let dy =
        Double(run.coefficients.a[out]) * dz
        + Double(run.coefficients.b[out]) * outputs[outPixel * outChannels + out]
        + Double(run.coefficients.c[out])
      let row = weightRow(tap, inChannel)
      weightGradients[row * outChannels + out] +=
        dy * active[inPixel * inChannels + inChannel].value
      shares[inPixel * inChannels + inChannel] += dy * Double(run.weights[row * outStride + out])
    }
    var gradientSums = [Double](repeating: 0, count: 2 * inChannels)
    var inputGradients = shares
    for index in shares.indices {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: inChannels)
      var value = shares[index] + Double(run.addend[pixel * inStride + channel])
      if run.gradientSums != nil { value *= active[index].slope }
      inputGradients[index] = value
      let raw = Double(run.input[pixel * inStride + channel])
      gradientSums[channel] += value
      gradientSums[inChannels + channel] +=
        value
        * (raw * Double(run.normalized.scale[channel]) + Double(run.normalized.shift[channel]))
    }
    self.outputs = outputs
    self.statistics = statistics
    self.weightGradients = weightGradients
    self.inputGradients = isImage ? [] : inputGradients
    self.gradientSums = gradientSums
  }
}
