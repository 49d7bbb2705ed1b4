/// A tensor of a network's state, as PyTorch's `state_dict` lists it.
package struct ParameterSpec: Sendable, Equatable {
  /// What the tensor is to its layer.
  package enum Kind: Sendable, Equatable, Hashable {
    /// A convolution's weight, `[out, in / groups, height, width]`.
    case convolutionWeight
    /// A convolution's bias, `[out]`.
    case convolutionBias
    /// Batch normalization's γ, `[channels]`.
    case batchNormWeight
    /// Batch normalization's β, `[channels]`.
    case batchNormBias
    /// Batch normalization's running mean, `[channels]`.
    case runningMean
    /// Batch normalization's running variance, `[channels]`, the unbiased one.
    case runningVariance
    /// How many batches the running statistics have seen: a scalar, `[]`, of 64-bit integers.
    case batchesTracked
    /// A linear layer's weight, `[out, in]`.
    case linearWeight
    /// A linear layer's bias, `[out]`.
    case linearBias
  }

  /// The name in `state_dict`, `stem.conv_block.0.weight`.
  package let name: String
  /// The shape as PyTorch stores it; `[]` for a scalar.
  package let shape: [Int]
  /// What the tensor is to its layer.
  package let kind: Kind
  /// The index in `Network.nodes` of the layer it belongs to.
  package let node: Int

  /// The tensor `name` of node `node`.
  init(_ name: String, _ shape: [Int], _ kind: Kind, _ node: Int) {
    self.name = name
    self.shape = shape
    self.kind = kind
    self.node = node
  }

  /// Whether an optimizer changes it.
  package var isTrainable: Bool {
    switch kind {
    case .runningMean, .runningVariance, .batchesTracked: false
    default: true
    }
  }

  /// How many elements it has.
  package var count: Int { shape.reduce(1, *) }
}

extension Network {
  /// All tensors of the network's state, in the order of PyTorch's `state_dict`.
  package var parameters: [ParameterSpec] {
    nodes.indices.flatMap { parameters(ofNode: $0) }
  }

  /// The tensors of one layer, in the order of PyTorch's `state_dict`.
  package func parameters(ofNode index: Int) -> [ParameterSpec] {
    nodes[index].operation.parameters(ofNode: index)
  }
}
