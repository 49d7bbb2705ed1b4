/// A tensor of a network's state, as in PyTorch's `state_dict`.
package struct ParameterSpec: Sendable, Equatable {
  package enum Kind: Sendable, Equatable, Hashable {
    /// The weight of a convolution, `[out, in / groups, height, width]`, or of a linear layer,
    /// `[out, in]`.
    case weight
    /// The bias of a convolution or a linear layer, `[out]`.
    case bias
    /// Batch normalization's γ, `[channels]`.
    case batchNormWeight
    /// Batch normalization's β, `[channels]`.
    case batchNormBias
    /// Batch normalization's running mean, `[channels]`.
    case runningMean
    /// Batch normalization's running variance, `[channels]`, the unbiased one.
    case runningVariance
    /// The number of batches in the running statistics: a scalar 64-bit integer, `[]`.
    case batchesTracked
  }

  /// The name in `state_dict`, `stem.conv_block.0.weight`.
  package let name: String
  /// The shape in PyTorch; `[]` for a scalar.
  package let shape: [Int]
  package let kind: Kind
  /// The index of its layer in `Network.nodes`.
  package let node: Int

  init(_ name: String, _ shape: [Int], _ kind: Kind, _ node: Int) {
    self.name = name
    self.shape = shape
    self.kind = kind
    self.node = node
  }

  package var isTrainable: Bool {
    switch kind {
    case .runningMean, .runningVariance, .batchesTracked: false
    default: true
    }
  }

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
