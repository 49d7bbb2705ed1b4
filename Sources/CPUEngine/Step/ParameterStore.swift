import Common
import Kernels
import Networks
import Weights

/// A model's state in the kernels' layout: weights `[depth, padded out]` or `[k, k, padded
/// channels]`, per-channel values padded to whole registers; padding is always zero.
///
/// Everything that an optimizer changes is in one array, so a step is one pass over it.
struct ParameterStore {
  struct Node {
    let kernel: any WeightKernel
    var channels = 0
    /// Channels out, padded.
    var stride: Int { padded(channels) }
    /// Where its tensors begin in the array of trainable parameters or of running statistics.
    var starts: [ParameterSpec.Kind: Int] = [:]

    var weight: Int { starts[.weight] ?? 0 }
    var bias: Int? { starts[.bias] }
    var gamma: Int? { starts[.batchNormWeight] }
    var beta: Int? { starts[.batchNormBias] }
    var mean: Int? { starts[.runningMean] }
    var variance: Int? { starts[.runningVariance] }
  }

  let specs: [ParameterSpec]
  /// By node; nil without parameters.
  private(set) var nodes: [Node?] = []
  /// Parameters, and in training their gradients.
  let trainable: FloatBuffer
  let gradients: FloatBuffer
  /// Running means and variances.
  let running: FloatBuffer
  /// The number of batches in the running statistics, by node.
  var batchesTracked: [Int64]

  /// Allocates zeros for the parameters of `network`; gradients only for `training`.
  init(_ network: Network, training: Bool) {
    specs = network.parameters
    var (trainableCount, runningCount) = (0, 0)
    for (index, node) in network.nodes.enumerated() {
      // The layout of the weights does not depend on the input size.
      guard let kernel = node.executable.weightKernel(inputSize: 1) else {
        nodes.append(nil)
        continue
      }
      var entry = Node(kernel: kernel)
      for spec in network.parameters(ofNode: index) where spec.kind != .batchesTracked {
        if spec.kind == .weight { entry.channels = spec.shape[0] }
        let count = padded(spec.kind == .weight ? kernel.weightCount : spec.count)
        entry.starts[spec.kind] = spec.isTrainable ? trainableCount : runningCount
        if spec.isTrainable { trainableCount += count } else { runningCount += count }
      }
      nodes.append(entry)
    }
    trainable = FloatBuffer(count: trainableCount)
    gradients = FloatBuffer(count: training ? trainableCount : 0)
    running = FloatBuffer(count: runningCount)
    batchesTracked = Array(repeating: 0, count: nodes.count)
  }

  /// The elements of a tensor in PyTorch's order; `array` is laid out as the trainable one unless
  /// the tensor is not.
  func read(_ spec: ParameterSpec, from array: FloatBuffer) -> [Float] {
    places(spec).map { array.start[$0] }
  }

  /// Writes the elements of a tensor, given in PyTorch's order.
  func write(_ values: [Float], _ spec: ParameterSpec, to array: FloatBuffer) {
    for (place, value) in zip(places(spec), values) { array.start[place] = value }
  }

  /// Where the elements of a tensor are in its array.
  private func places(_ spec: ParameterSpec) -> [Int] {
    guard let node = nodes[spec.node], let start = node.starts[spec.kind] else { return [] }
    return (0..<spec.count).map { start + (spec.kind == .weight ? node.kernel.place($0) : $0) }
  }

  func stateDict() -> [NamedTensor] {
    specs.map { spec in
      NamedTensor(
        name: spec.name, shape: spec.shape,
        values: spec.kind == .batchesTracked
          ? .int64([batchesTracked[spec.node]])
          : .float32(read(spec, from: spec.isTrainable ? trainable : running)))
    }
  }

  /// Loads a network's state: exactly the tensors of `state_dict`.
  ///
  /// Throws without changing anything if they differ; errors name `source`.
  mutating func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try NamedTensor.check(tensors, against: specs.map(NamedTensor.Expected.init), source: source)
    let byName = tensors.byName
    for spec in specs {
      switch byName[spec.name]?.values {
      case .float32(let values):
        write(values, spec, to: spec.isTrainable ? trainable : running)
      case .int64(let values):
        batchesTracked[spec.node] = values.first ?? 0
      case nil:
        break
      }
    }
  }
}
