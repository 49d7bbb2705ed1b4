import Common
import ElementaryFunctions
import Networks

package enum InitialWeights {
  /// A network's initial state.
  ///
  /// With `Initializer.kaimingNormal` convolutions are normal with standard deviation √(2 / fan_out),
  /// fan_out = out_channels · k · k (He et al., 2015, as PyTorch counts it for depthwise convolutions
  /// too), and linear layers normal with standard deviation 0.01; with `glorotUniform` all are uniform
  /// within ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010, as Keras counts the fans). γ 1, β 0;
  /// biases 0; running statistics 0 and 1.
  ///
  /// Draws depend on the seed, the architecture's name, its width and the tensor's name.
  package static func make(for network: Network, seed: UInt64) -> [NamedTensor] {
    network.parameters.map { spec in
      let values: NamedTensor.Values
      switch spec.kind {
      case .weight:
        values = .float32(weights(spec, network, seed))
      case .batchNormWeight, .runningVariance:
        values = .float32(Array(repeating: 1, count: spec.count))
      case .bias, .batchNormBias, .runningMean:
        values = .float32(Array(repeating: 0, count: spec.count))
      case .batchesTracked:
        values = .int64([0])
      }
      return NamedTensor(name: spec.name, shape: spec.shape, values: values)
    }
  }

  private static func weights(
    _ spec: ParameterSpec, _ network: Network, _ seed: UInt64
  ) -> [Float] {
    let isLinear = spec.shape.count == 2
    let area = isLinear ? 1 : spec.shape[2] * spec.shape[3]
    switch network.initializer {
    case .kaimingNormal:
      let fanOut = Double(spec.shape[0] * area)
      let deviation = isLinear ? 0.01 : (2 / fanOut).squareRoot()
      return normal(spec, random(spec, network, seed), deviation: deviation)
    case .glorotUniform:
      // A depthwise kernel counts as `channels` inputs and one output.
      let fans = Double((spec.shape[0] + spec.shape[1]) * area)
      return uniform(spec, random(spec, network, seed), limit: (6 / fans).squareRoot())
    }
  }

  private static func random(
    _ spec: ParameterSpec, _ network: Network, _ seed: UInt64
  ) -> CounterRandom {
    let key = SHA256.hash("\(network.name) \(network.width) \(spec.name)".utf8)
    let first = UInt32(key.prefix(8), radix: 16) ?? 0
    let second = UInt32(key.dropFirst(8).prefix(8), radix: 16) ?? 0
    return CounterRandom(seed: seed, purpose: .weights, epoch: first, sample: second)
  }

  private static func uniform(
    _ spec: ParameterSpec, _ random: CounterRandom, limit: Double
  ) -> [Float] {
    var random = random
    return (0..<spec.count).map { _ in Float(limit * (2 * random.uniform() - 1)) }
  }

  /// Normal draws by the Box–Muller method; element i takes the i-th draw.
  private static func normal(
    _ spec: ParameterSpec, _ random: CounterRandom, deviation: Double
  ) -> [Float] {
    var random = random
    var values: [Float] = []
    values.reserveCapacity(spec.count + 1)
    while values.count < spec.count {
      let radius = (-2 * Double.log(1 - random.uniform())).squareRoot() * deviation
      let angle = 2 * Double.pi * random.uniform()
      values.append(Float(radius * Double.cos(angle)))
      values.append(Float(radius * Double.sin(angle)))
    }
    values.removeLast(values.count - spec.count)
    return values
  }
}
