import Common
import Kernels
import Networks
import Weights

/// A model's state in the kernels' layout: weights `[depth, padded out]` or `[k, k, padded
/// channels]`, per-channel values padded to whole registers; padding is always zero.
///
/// Everything that an optimizer changes is in one array, so a step is one pass over it.
struct ParameterStore {
  /// The offsets of a node's tensors.
  struct Node {
    let kernel: any WeightKernel
    /// Channels out.
    var channels = 0
    /// Channels out, padded.
    var stride: Int { padded(channels) }
    // Indices in the trainable array.
    var weight = 0
    var gamma: Int?
    var beta: Int?
    var bias: Int?
    // Indices in the array of running statistics.
    var mean: Int?
    var variance: Int?
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
    func take(_ count: Int, from total: inout Int) -> Int {
      defer { total += padded(count) }
      return total
    }
    for (index, node) in network.nodes.enumerated() {
      // The layout of the weights does not depend on the input size.
      guard let kernel = node.executable.weightKernel(inputSize: 1) else {
        nodes.append(nil)
        continue
      }
      var entry = Node(kernel: kernel)
      for spec in network.parameters(ofNode: index) {
        switch spec.kind {
        case .convolutionWeight, .linearWeight:
          entry.channels = spec.shape[0]
          entry.weight = take(kernel.weightCount, from: &trainableCount)
        case .convolutionBias, .linearBias: entry.bias = take(spec.count, from: &trainableCount)
        case .batchNormWeight: entry.gamma = take(spec.count, from: &trainableCount)
        case .batchNormBias: entry.beta = take(spec.count, from: &trainableCount)
        case .runningMean: entry.mean = take(spec.count, from: &runningCount)
        case .runningVariance: entry.variance = take(spec.count, from: &runningCount)
        case .batchesTracked: break
        }
      }
      nodes.append(entry)
    }
    trainable = FloatBuffer(count: trainableCount)
    gradients = FloatBuffer(count: training ? trainableCount : 0)
    running = FloatBuffer(count: runningCount)
    batchesTracked = Array(repeating: 0, count: nodes.count)
  }

  /// The offset of element `index` of a tensor in its array.
  private func place(_ spec: ParameterSpec, _ node: Node, _ index: Int) -> Int {
    switch spec.kind {
    case .convolutionWeight, .linearWeight: node.weight + node.kernel.place(index)
    case .convolutionBias, .linearBias: (node.bias ?? 0) + index
    case .batchNormWeight: (node.gamma ?? 0) + index
    case .batchNormBias: (node.beta ?? 0) + index
    case .runningMean: (node.mean ?? 0) + index
    case .runningVariance: (node.variance ?? 0) + index
    case .batchesTracked: index
    }
  }

  /// The elements of a tensor in PyTorch's order; `array` has the layout of the trainable one
  /// unless the tensor is not trainable.
  func read(_ spec: ParameterSpec, from array: FloatBuffer) -> [Float] {
    guard let node = nodes[spec.node] else { return [] }
    return (0..<spec.count).map { array.start[place(spec, node, $0)] }
  }

  /// Writes the elements of a tensor, given in PyTorch's order.
  func write(_ values: [Float], _ spec: ParameterSpec, to array: FloatBuffer) {
    guard let node = nodes[spec.node] else { return }
    for (index, value) in values.enumerated() { array.start[place(spec, node, index)] = value }
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
    let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
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
