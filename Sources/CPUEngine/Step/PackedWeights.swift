import Common
import Kernels

/// The weights in the kernels' layout, repacked after each change.
final class PackedWeights {
  private let forward: FloatBuffer
  private let transposed: FloatBuffer
  private var forwardOffsets: [Int] = []
  private var transposedOffsets: [Int] = []
  /// False after the parameters have changed.
  var isCurrent = false

  var count: Int { forward.count + transposed.count }

  /// Allocates memory for the packed weights; those of the backward pass only for `training`.
  init(_ parameters: ParameterStore, training: Bool) {
    var (forwardCount, transposedCount) = (0, 0)
    for node in parameters.nodes {
      forwardOffsets.append(forwardCount)
      transposedOffsets.append(transposedCount)
      forwardCount += node?.kernel.packedCount ?? 0
      if training { transposedCount += node?.kernel.packedTransposeCount ?? 0 }
    }
    forward = FloatBuffer(count: forwardCount)
    transposed = FloatBuffer(count: transposedCount)
  }

  func forward(_ node: Int) -> UnsafeMutablePointer<Float> { forward.start + forwardOffsets[node] }

  func transposed(_ node: Int) -> UnsafeMutablePointer<Float> {
    transposed.start + transposedOffsets[node]
  }

  func update(from parameters: ParameterStore, pool: ThreadPool) {
    guard !isCurrent else { return }
    pool.run(parameters.nodes.count) { index, _ in
      guard let node = parameters.nodes[index] else { return }
      node.kernel.pack(
        parameters.trainable.start + node.weight, into: forward(index),
        transposed: transposed.count > 0 ? transposed(index) : nil)
    }
    isCurrent = true
  }
}
