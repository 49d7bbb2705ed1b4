import Kernels

/// The per-channel scales and shifts of a batch normalization or bias: those that the readers of a
/// node's output apply, and those of its gradient.
struct ChannelAffines {
  private let buffer: FloatBuffer
  private let offsets: [Int]
  private let strides: [Int]
  private let isNormalized: [Bool]

  var count: Int { buffer.count }

  init(_ parameters: ParameterStore, training: Bool) {
    var count = 0
    var offsets: [Int] = []
    for node in parameters.nodes {
      offsets.append(count)
      count += (training ? 7 : 4) * (node?.stride ?? 0)
    }
    self.offsets = offsets
    strides = parameters.nodes.map { $0?.stride ?? 0 }
    isNormalized = parameters.nodes.map { $0?.gamma != nil }
    buffer = FloatBuffer(count: count)
  }

  private func row(_ node: Int, _ index: Int) -> UnsafeMutablePointer<Float> {
    buffer.start + offsets[node] + index * strides[node]
  }

  /// The scale and shift that readers apply: the normalization with γ and β, or the bias.
  func affine(_ node: Int) -> Affine { Affine(scale: row(node, 0), shift: row(node, 1)) }

  /// The transformation to x̂; nil if the node does not normalize.
  func normalized(_ node: Int) -> Affine? {
    isNormalized[node] ? Affine(scale: row(node, 2), shift: row(node, 3)) : nil
  }

  /// The gradient of the raw value; nil if the node does not normalize.
  func gradient(_ node: Int) -> BatchNormGradient? {
    isNormalized[node]
      ? BatchNormGradient(a: row(node, 4), b: row(node, 5), c: row(node, 6)) : nil
  }
}
