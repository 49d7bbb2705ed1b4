import Kernels

/// Per-channel numbers that stand between two passes: what readers of a node's output do to it, and
/// what makes its gradient.
struct Coefficients {
  private let buffer: FloatBuffer
  private let offsets: [Int]
  private let strides: [Int]
  private let normalised: [Bool]

  /// Floats in all.
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
    normalised = parameters.nodes.map { $0?.gamma != nil }
    buffer = FloatBuffer(count: count)
  }

  private func row(_ node: Int, _ index: Int) -> UnsafeMutablePointer<Float> {
    buffer.start + offsets[node] + index * strides[node]
  }

  /// What readers apply: normalisation with γ and β, or the bias.
  func affine(_ node: Int) -> Affine { Affine(scale: row(node, 0), shift: row(node, 1)) }

  /// x̂ of the raw value; nil where the node does not normalise.
  func standardised(_ node: Int) -> Affine? {
    normalised[node] ? Affine(scale: row(node, 2), shift: row(node, 3)) : nil
  }

  /// What makes the raw value's gradient; nil where the node does not normalise.
  func gradient(_ node: Int) -> GradientCoefficients? {
    normalised[node]
      ? GradientCoefficients(a: row(node, 4), b: row(node, 5), c: row(node, 6)) : nil
  }
}

/// The weights in the forms that the kernels read, made anew when they have changed.
final class PackedWeights {
  private let forward: FloatBuffer
  private let transposed: FloatBuffer
  private var forwardOffsets: [Int] = []
  private var transposedOffsets: [Int] = []
  /// False once the parameters have changed.
  var isCurrent = false

  /// Floats in all.
  var count: Int { forward.count + transposed.count }

  init(_ parameters: ParameterStore, training: Bool) {
    var (forwardCount, transposedCount) = (0, 0)
    for node in parameters.nodes {
      forwardOffsets.append(forwardCount)
      transposedOffsets.append(transposedCount)
      if case .dense(let convolution)? = node?.kernel {
        forwardCount += convolution.packedCount
        if training { transposedCount += convolution.packedTransposeCount }
      }
    }
    forward = FloatBuffer(count: forwardCount)
    transposed = FloatBuffer(count: transposedCount)
  }

  func forward(_ node: Int) -> UnsafeMutablePointer<Float> { forward.start + forwardOffsets[node] }

  func transposed(_ node: Int) -> UnsafeMutablePointer<Float> {
    transposed.start + transposedOffsets[node]
  }

  /// Packs all weights if they have changed since.
  func update(from parameters: ParameterStore, pool: ThreadPool) {
    guard !isCurrent else { return }
    pool.run(parameters.nodes.count) { index, _ in
      guard let node = parameters.nodes[index], case .dense(let convolution) = node.kernel else {
        return
      }
      let weights = parameters.trainable.start + node.weight
      convolution.pack(weights, into: forward(index))
      if transposed.count > 0 { convolution.packTranspose(weights, into: transposed(index)) }
    }
    isCurrent = true
  }
}
