import Common
import Networks
import Testing

@testable import Kernels

/// A map of `batch` images of `height × width × channels`, normalized, times a gate with a bias.
struct MultiplyCase: Sendable, CustomTestStringConvertible {
  var batch: Int
  var size: (height: Int, width: Int)
  var channels: Int
  var activation: any Activation

  var testDescription: String { "\(batch)×\(size.height)×\(size.width)×\(channels), \(activation)" }
  var area: Int { size.height * size.width }
  var stride: Int { padded(channels) }
  var count: Int { batch * area * stride }
}

/// The kernels run on fixed numbers.
private struct MultiplyRun {
  let map, scale, shift, gate, bias, gradient, addend: Floats
  let normalized: (scale: Floats, shift: Floats)
  let output: Floats
  let mapGradient: Floats
  let gateGradient: Floats
  private(set) var sums: [Double] = []

  init(_ shape: MultiplyCase, threads: Int) {
    var numbers = TestNumbers(11)
    func rows(_ count: Int) -> Floats {
      Floats(numbers.rows(count, channels: shape.channels, stride: shape.stride))
    }
    let pixels = shape.batch * shape.area
    (map, gradient, addend) = (rows(pixels), rows(pixels), rows(pixels))
    (scale, shift, bias) = (rows(1), rows(1), rows(1))
    normalized = (rows(1), rows(1))
    gate = Floats(rows(shape.batch).values.map { $0 * 5 })
    for channel in 0..<shape.channels { scale.start[channel] *= 8 }
    output = Floats(count: shape.count)
    mapGradient = Floats(count: shape.count)
    gateGradient = Floats(count: shape.batch * shape.stride)
    let input = FeatureMap(
      data: map.start, height: shape.size.height, width: shape.size.width,
      channels: shape.channels, stride: shape.stride,
      affine: Affine(scale: scale.start, shift: shift.start),
      activation: CompiledActivation(shape.activation))
    let ones = Floats([Float](repeating: 1, count: shape.stride))
    let gateMap = FeatureMap(
      data: gate.start, height: 1, width: 1, channels: shape.channels, stride: shape.stride,
      affine: Affine(scale: ones.start, shift: bias.start),
      activation: CompiledActivation(HardSigmoid()))
    let pool = ThreadPool(threads: threads)
    let scratch = Floats(count: threads * MultiplyKernel.scratchCount(stride: shape.stride))
    MultiplyKernel.forward(
      input, gate: gateMap, batch: shape.batch, output: output.start, pool: pool,
      scratch: scratch.start)
    let chunkSums = Doubles(count: WorkSplit.mostChunks * 2 * shape.stride)
    let partialSums = MultiplyKernel.backward(
      gradient.start, map: input, gate: gateMap, batch: shape.batch,
      destination: InputGradient(
        data: mapGradient.start, addend: addend.start,
        finish: .init(
          normalized: Affine(scale: normalized.scale.start, shift: normalized.shift.start),
          sums: chunkSums.start)), gateGradient: gateGradient.start, pool: pool,
      scratch: scratch.start)
    withExtendedLifetime(ones) {}
    sums = (0..<2 * shape.stride).map {
      chunkSums.total($0, size: 2 * shape.stride, chunks: partialSums.count)
    }
  }
}

@Suite struct MultiplyTests {
  static let cases = [
    MultiplyCase(batch: 3, size: (5, 7), channels: 11, activation: HardSwish()),
    MultiplyCase(batch: 2, size: (17, 18), channels: 24, activation: ReLU()),
    MultiplyCase(batch: 70, size: (1, 1), channels: 9, activation: Identity()),
  ]

  @Test("A gated map, its gradient and the gate's are those of the definition", arguments: cases)
  func agreesWithDefinition(_ shape: MultiplyCase) {
    let run = MultiplyRun(shape, threads: 2)
    var output = [Double](repeating: 0, count: shape.count)
    var mapGradient = output
    var gateGradient = [Double](repeating: 0, count: shape.batch * shape.stride)
    var sums = [Double](repeating: 0, count: 2 * shape.stride)
    for index in 0..<shape.count where index % shape.stride < shape.channels {
      let channel = index % shape.stride
      let row = index / (shape.area * shape.stride) * shape.stride + channel
      let raw = Double(run.map.start[index])
      let value = reference(
        shape.activation,
        raw * Double(run.scale.start[channel]) + Double(run.shift.start[channel]))
      let gate = reference(
        HardSigmoid(), Double(run.gate.start[row]) + Double(run.bias.start[channel])
      ).value
      let incoming = Double(run.gradient.start[index])
      output[index] = value.value * gate
      gateGradient[row] += incoming * value.value
      let gradient = (incoming * gate + Double(run.addend.start[index])) * value.slope
      mapGradient[index] = gradient
      sums[channel] += gradient
      sums[shape.stride + channel] +=
        gradient
        * (raw * Double(run.normalized.scale.start[channel])
          + Double(run.normalized.shift.start[channel]))
    }
    #expect(difference(run.output.values.map(Double.init), output) < 1e-6)
    #expect(difference(run.mapGradient.values.map(Double.init), mapGradient) < 1e-6)
    #expect(difference(run.gateGradient.values.map(Double.init), gateGradient) < 1e-6)
    #expect(difference(run.sums, sums) < 2e-6)
  }

  @Test("The number of threads does not change a bit of a gated map", arguments: cases)
  func threadsDoNotMatter(_ shape: MultiplyCase) {
    let one = MultiplyRun(shape, threads: 1)
    for threads in [2, 3, 5] {
      let many = MultiplyRun(shape, threads: threads)
      #expect(many.output.values == one.output.values)
      #expect(many.mapGradient.values == one.mapGradient.values)
      #expect(many.gateGradient.values == one.gateGradient.values)
      #expect(many.sums == one.sums)
    }
  }
}
