import Common
import Foundation
import Networks
import Testing

@testable import Kernels

@Suite struct ElementwiseTests {
  /// Two inputs of a sum: 11 channels of 3×5 pixels in 2 images, one normalized and clamped, one as
  /// it is.
  private struct Maps {
    let first = Floats(count: 30 * 16)
    let second = Floats(count: 30 * 16)
    let gradient = Floats(count: 30 * 16)
    let scale: Floats
    let shift: Floats
    let normalize: (scale: Floats, shift: Floats)

    init() {
      var numbers = TestNumbers(3)
      for map in [first, second, gradient] {
        map.start.update(from: numbers.rows(30, channels: 11, stride: 16), count: 30 * 16)
      }
      func row() -> Floats { Floats(numbers.rows(1, channels: 11, stride: 16).map { $0 * 8 }) }
      (scale, shift, normalize) = (row(), row(), (row(), row()))
    }

    var normalized: FeatureMap {
      FeatureMap(
        data: first.start, height: 3, width: 5, channels: 11, stride: 16,
        affine: Affine(scale: scale.start, shift: shift.start),
        activation: CompiledActivation(ReLU6()))
    }

    var plain: FeatureMap {
      FeatureMap(
        data: second.start, height: 3, width: 5, channels: 11, stride: 16,
        activation: CompiledActivation(LeakyReLU()))
    }

    func z(_ index: Int) -> Double {
      Double(first.start[index]) * Double(scale.start[index % 16])
        + Double(shift.start[index % 16])
    }
  }

  @Test("A residual connection adds what its inputs' readers see")
  func addForward() {
    let maps = Maps()
    let output = Floats(count: 30 * 16)
    let pool = ThreadPool(threads: 2)
    let scratch = Floats(count: 2 * AddKernel.scratchCount(stride: 16))
    AddKernel.forward(
      maps.normalized, maps.plain, batch: 2, output: output.start, pool: pool,
      scratch: scratch.start)
    let expected = (0..<30 * 16).map { index in
      reference(ReLU6(), maps.z(index)).value
        + reference(LeakyReLU(), Double(maps.second.start[index])).value
    }
    #expect(difference(output.values.map(Double.init), expected) < 1e-6)
  }

  @Test("The gradient of a sum goes through its input's activation and into its sums")
  func addBackward() {
    let maps = Maps()
    expectGradient(maps) { destination, pool in
      AddKernel.backward(
        maps.gradient.start, input: maps.normalized, batch: 2, destination: destination, pool: pool)
    } incoming: {
      Double(maps.gradient.start[$0])
    }
  }

  @Test("The gradient of a mean is its share of every pixel")
  func poolBackward() {
    let maps = Maps()
    expectGradient(maps) { destination, pool in
      AveragePoolKernel.backward(
        maps.gradient.start, input: maps.normalized, batch: 2, destination: destination, pool: pool)
    } incoming: {
      Double(maps.gradient.start[$0 / 240 * 16 + $0 % 16]) / 15
    }
  }

  /// Runs `backward` as the input's last reader, and holds what it leaves against the definition.
  private func expectGradient(
    _ maps: Maps, _ backward: (InputGradient, ThreadPool) -> PartialSums,
    incoming: (Int) -> Double
  ) {
    let data = Floats(count: 30 * 16)
    let sums = Doubles(count: WorkSplit.mostChunks * 32)
    let normalized = Affine(
      scale: maps.normalize.scale.start, shift: maps.normalize.shift.start)
    let partialSums = backward(
      InputGradient(
        data: data.start, addend: nil,
        finish: .init(normalized: normalized, sums: sums.start)), ThreadPool(threads: 2))
    let expected = (0..<30 * 16).map {
      incoming($0) * reference(ReLU6(), maps.z($0)).slope
    }
    #expect(difference(data.values.map(Double.init), expected) < 1e-6)
    var totals = [Double](repeating: 0, count: 32)
    for (index, value) in expected.enumerated() {
      let channel = index % 16
      totals[channel] += value
      totals[16 + channel] +=
        value
        * (Double(maps.first.start[index]) * Double(maps.normalize.scale.start[channel])
          + Double(maps.normalize.shift.start[channel]))
    }
    let computed = (0..<32).map { sums.total($0, size: 32, chunks: partialSums.count) }
    #expect(difference(computed, totals) < 1e-6)
  }

  @Test("Global average pooling takes the mean of what a reader sees")
  func poolForward() {
    let maps = Maps()
    let output = Floats(count: 2 * 16)
    AveragePoolKernel.forward(
      maps.normalized, batch: 2, output: output.start, pool: ThreadPool(threads: 2))
    let expected = (0..<32).map { index in
      (0..<15).reduce(0.0) { total, pixel in
        let element = (index / 16 * 15 + pixel) * 16 + index % 16
        return total + reference(ReLU6(), maps.z(element)).value / 15
      }
    }
    #expect(difference(output.values.map(Double.init), expected) < 1e-6)
  }

  @Test("Cross-entropy, its gradient and its sums are those of the definition")
  func crossEntropy() {
    let logits = Floats([1, 2, 3, 0, 0, 0, 0, 0, 50, -50, 50, 0, 0, 0, 0, 0])
    let bias = Floats([0.5, 0, -0.5, 0, 0, 0, 0, 0])
    let gradient = Floats(count: 16)
    let sums = Doubles(count: 16)
    let result = CrossEntropy.run(
      logits: logits.start, bias: bias.start, classes: 3, stride: 8, labels: [2, 1],
      gradient: gradient.start, sums: sums.start)
    var loss = 0.0
    var expected = [Double](repeating: 0, count: 16)
    for (sample, (values, label)) in [([1.5, 2, 2.5], 2), ([50.5, -50, 49.5], 1)].enumerated() {
      let largest = values.max() ?? 0
      let total = values.reduce(0) { $0 + exp($1 - largest) }
      loss += largest + log(total) - values[label]
      for (index, value) in values.enumerated() {
        expected[sample * 8 + index] =
          (exp(value - largest) / total - (index == label ? 1 : 0)) / 2
      }
    }
    #expect(abs(result.lossSum - loss) < 1e-9 * loss)
    #expect(result.predictions == [2, 0])
    #expect(difference(gradient.values.map(Double.init), expected) < 1e-7)
    for index in 0..<3 {
      #expect(abs(sums.start[index] - expected[index] - expected[8 + index]) < 1e-12)
    }
  }
}
