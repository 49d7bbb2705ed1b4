import Networks
import Testing
import Weights

@Suite struct InitialWeightsTests {
  private func weights(_ model: String) throws -> [String: [Float]] {
    let network = try Network.named(model, width: 0.5, classes: 10)
    let state = InitialWeights.make(for: network, seed: 0)
    return Dictionary(state.map { ($0.name, $0.floats ?? []) }, uniquingKeysWith: { $1 })
  }

  /// In TensorFlow's sense a depthwise kernel has its channels for inputs and one output.
  @Test(
    "TensorFlow's networks start uniform within Glorot's limits, with biases of zero",
    arguments: [
      // 3×3 of 3 → 16; 3×3 on 16 channels; 16 → 16; 640 → 10.
      ("stem.conv_block.0", (3 + 16) * 9), ("feature_ext.0.res_block.1.conv_block.0", (16 + 1) * 9),
      ("feature_ext.0.res_block.0.conv_block.0", 32), ("classifier.3", 650),
    ])
  func glorot(module: String, fans: Int) throws {
    let weights = try self.weights("mobilenet_v2_tf")
    let values = try #require(weights["\(module).weight"])
    let limit = Float((6 / Double(fans)).squareRoot())
    #expect(values.allSatisfy { abs($0) <= limit })
    // The largest of so many draws is near the limit, and their mean near 0.
    #expect((values.map(abs).max() ?? 0) > 0.9 * limit)
    #expect(abs(values.reduce(0, +)) / Float(values.count) < 0.2 * limit)
    #expect(weights["\(module).bias"]?.allSatisfy { $0 == 0 } == true)
  }

  @Test(
    "Other networks start normal, by the fan out and with 0.01 in linear layers",
    arguments: [
      // √(2 / (8 · 9)), hidden 36 → 36 of 5×5, the linear layers.
      ("first_conv.0", (2.0 / 72).squareRoot()),
      ("bottlenecks.3.residual.1.0", (2.0 / (36 * 25)).squareRoot()), ("fc1.0", 0.01),
      ("fc2.1", 0.01),
    ])
  func normal(module: String, deviation: Double) throws {
    let weights = try self.weights("mobilenet_v3_large")
    let values = try #require(weights["\(module).weight"]).map(Double.init)
    let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect(abs(square.squareRoot() / deviation - 1) < 0.2)
  }
}
