/// A tensor of a network's state, as PyTorch's `state_dict` lists it.
public struct ParameterSpec: Sendable, Equatable {
  /// What the tensor is to its layer.
  public enum Kind: Sendable, Equatable, Hashable {
    /// A convolution's weight, `[out, in / groups, height, width]`.
    case convolutionWeight
    /// A convolution's bias, `[out]`.
    case convolutionBias
    /// Batch normalisation's γ, `[channels]`.
    case batchNormWeight
    /// Batch normalisation's β, `[channels]`.
    case batchNormBias
    /// Batch normalisation's running mean, `[channels]`.
    case runningMean
    /// Batch normalisation's running variance, `[channels]`, the unbiased one.
    case runningVariance
    /// How many batches the running statistics have seen: a scalar, `[]`, of 64-bit integers.
    case batchesTracked
    /// A linear layer's weight, `[out, in]`.
    case linearWeight
    /// A linear layer's bias, `[out]`.
    case linearBias
  }

  /// The name in `state_dict`, `stem.conv_block.0.weight`.
  public let name: String
  /// The shape as PyTorch stores it; `[]` for a scalar.
  public let shape: [Int]
  /// What the tensor is to its layer.
  public let kind: Kind
  /// The index in `Network.nodes` of the layer it belongs to.
  public let node: Int

  /// Whether an optimiser changes it.
  public var isTrainable: Bool {
    switch kind {
    case .runningMean, .runningVariance, .batchesTracked: false
    default: true
    }
  }

  /// How many elements it has.
  public var count: Int { shape.reduce(1, *) }
}

extension Network {
  /// All tensors of the network's state, in the order of PyTorch's `state_dict`.
  public var parameters: [ParameterSpec] {
    nodes.indices.flatMap { parameters(ofNode: $0) }
  }

  /// The tensors of one layer, in the order of PyTorch's `state_dict`.
  public func parameters(ofNode index: Int) -> [ParameterSpec] {
    func spec(_ name: String, _ shape: [Int], _ kind: ParameterSpec.Kind) -> ParameterSpec {
      ParameterSpec(name: name, shape: shape, kind: kind, node: index)
    }
    switch nodes[index].operation {
    case .unit(let unit):
      let convolution = unit.convolution
      let channels = [convolution.outputChannels]
      let size = convolution.kernelSize
      let shape = channels + [convolution.inputChannels / convolution.groups, size, size]
      var specs = [spec("\(unit.convolutionName).weight", shape, .convolutionWeight)]
      if convolution.bias {
        specs.append(spec("\(unit.convolutionName).bias", channels, .convolutionBias))
      }
      if unit.batchNorm != nil {
        let name = unit.batchNormName
        specs += [
          spec("\(name).weight", channels, .batchNormWeight),
          spec("\(name).bias", channels, .batchNormBias),
          spec("\(name).running_mean", channels, .runningMean),
          spec("\(name).running_var", channels, .runningVariance),
          spec("\(name).num_batches_tracked", [], .batchesTracked),
        ]
      }
      return specs
    case .linear(let linear):
      return [
        spec(
          "\(linear.name).weight", [linear.outputFeatures, linear.inputFeatures], .linearWeight),
        spec("\(linear.name).bias", [linear.outputFeatures], .linearBias),
      ]
    case .join, .scale, .globalAveragePool, .dropout:
      return []
    }
  }
}
