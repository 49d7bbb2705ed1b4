import Common
import Foundation
import Networks

/// The weights that training starts from.
public enum InitialWeights {
  /// A network's initial state.
  ///
  /// Convolutions are normal with standard deviation √(2 / fan_out), fan_out = out_channels · k · k
  /// (He et al., 2015, as PyTorch counts it for depthwise convolutions too); γ 1, β 0; the linear
  /// layer normal with standard deviation 0.01; biases 0; running statistics 0 and 1.
  ///
  /// Draws depend on the seed, the architecture's name, its width and the tensor's name.
  public static func make(for network: Network, seed: UInt64) -> [NamedTensor] {
    network.parameters.map { spec in
      let values: NamedTensor.Values
      switch spec.kind {
      case .convolutionWeight:
        let fanOut = spec.shape[0] * spec.shape[2] * spec.shape[3]
        values = .float32(normal(spec, network, seed, deviation: (2 / Double(fanOut)).squareRoot()))
      case .linearWeight:
        values = .float32(normal(spec, network, seed, deviation: 0.01))
      case .batchNormWeight, .runningVariance:
        values = .float32(Array(repeating: 1, count: spec.count))
      case .convolutionBias, .linearBias, .batchNormBias, .runningMean:
        values = .float32(Array(repeating: 0, count: spec.count))
      case .batchesTracked:
        values = .int64([0])
      }
      return NamedTensor(name: spec.name, shape: spec.shape, values: values)
    }
  }

  /// Normal draws by Box and Muller's method; element i takes the i-th draw of the tensor's own
  /// stream.
  private static func normal(
    _ spec: ParameterSpec, _ network: Network, _ seed: UInt64, deviation: Double
  ) -> [Float] {
    let key = SHA256.hash("\(network.name) \(network.width) \(spec.name)".utf8)
    let first = UInt32(key.prefix(8), radix: 16) ?? 0
    let second = UInt32(key.dropFirst(8).prefix(8), radix: 16) ?? 0
    var random = CounterRandom(seed: seed, purpose: .weights, epoch: first, sample: second)
    var values: [Float] = []
    values.reserveCapacity(spec.count + 1)
    while values.count < spec.count {
      let radius = (-2 * log(1 - random.uniform())).squareRoot() * deviation
      let angle = 2 * Double.pi * random.uniform()
      values.append(Float(radius * cos(angle)))
      values.append(Float(radius * sin(angle)))
    }
    values.removeLast(values.count - spec.count)
    return values
  }
}
