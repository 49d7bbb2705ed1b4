import Common
import Kernels
import Networks
import Weights

/// A model's state in the layouts of the kernels: weights `[depth, padded out]` or `[k, k, padded
/// channels]`, vectors padded to whole registers; padding is zero and stays zero.
///
/// All that an optimiser changes lies in one array, so that a step is one pass over it.
struct ParameterStore {
  /// Where a node's tensors lie.
  struct Node {
    var kernel: ExecutionPlan.Kernel
    /// Channels out, and padded.
    var channels: Int
    var stride: Int
    /// In the trainable array.
    var weight = 0
    var gamma: Int?
    var beta: Int?
    var bias: Int?
    /// In the array of running statistics.
    var mean: Int?
    var variance: Int?
  }

  let specs: [ParameterSpec]
  /// By node; nil for nodes without parameters.
  private(set) var nodes: [Node?] = []
  /// Parameters, and as many gradients where they are for training.
  let trainable: FloatBuffer
  let gradients: FloatBuffer
  /// Running means and variances.
  let running: FloatBuffer
  /// Batches that the running statistics have seen, by node.
  var batchesTracked: [Int64]

  init(_ network: Network, training: Bool) {
    specs = network.parameters
    var trainableCount = 0
    var runningCount = 0
    func take(_ count: Int, from total: inout Int) -> Int {
      defer { total += padded(count) }
      return total
    }
    for node in network.nodes {
      switch node.operation {
      case .unit(let unit):
        var entry = Node(
          kernel: ExecutionPlan.Kernel(unit.convolution),
          channels: unit.convolution.outputChannels,
          stride: padded(unit.convolution.outputChannels))
        entry.weight = take(entry.kernel.weightCount, from: &trainableCount)
        if unit.convolution.bias { entry.bias = take(entry.stride, from: &trainableCount) }
        if unit.batchNorm != nil {
          entry.gamma = take(entry.stride, from: &trainableCount)
          entry.beta = take(entry.stride, from: &trainableCount)
          entry.mean = take(entry.stride, from: &runningCount)
          entry.variance = take(entry.stride, from: &runningCount)
        }
        nodes.append(entry)
      case .linear(let linear):
        var entry = Node(
          kernel: .dense(
            DenseConvolution(
              inputChannels: linear.inputFeatures, outputChannels: linear.outputFeatures)),
          channels: linear.outputFeatures, stride: padded(linear.outputFeatures))
        entry.weight = take(entry.kernel.weightCount, from: &trainableCount)
        entry.bias = take(entry.stride, from: &trainableCount)
        nodes.append(entry)
      case .join, .scale, .globalAveragePool, .dropout:
        nodes.append(nil)
      }
    }
    trainable = FloatBuffer(count: trainableCount)
    gradients = FloatBuffer(count: training ? trainableCount : 0)
    running = FloatBuffer(count: runningCount)
    batchesTracked = Array(repeating: 0, count: nodes.count)
  }

  /// Where element `index` of a tensor lies in its array.
  private func place(_ spec: ParameterSpec, _ node: Node, _ index: Int) -> Int {
    switch spec.kind {
    case .convolutionWeight, .linearWeight:
      switch node.kernel {
      case .depthwise(let convolution):
        let area = convolution.kernelSize * convolution.kernelSize
        return node.weight + index % area * node.stride + index / area
      case .dense(let convolution):
        let area = convolution.kernelSize * convolution.kernelSize
        let (output, rest) = index.quotientAndRemainder(
          dividingBy: convolution.inputChannels * area)
        let row = rest % area * convolution.inputChannels + rest / area
        return node.weight + row * node.stride + output
      case .join, .scale, .pool, .dropout:
        return index
      }
    case .convolutionBias, .linearBias: return (node.bias ?? 0) + index
    case .batchNormWeight: return (node.gamma ?? 0) + index
    case .batchNormBias: return (node.beta ?? 0) + index
    case .runningMean: return (node.mean ?? 0) + index
    case .runningVariance: return (node.variance ?? 0) + index
    case .batchesTracked: return index
    }
  }

  /// The elements of a tensor in PyTorch's order; `array` is laid out as the trainable one unless
  /// the tensor is not.
  func read(_ spec: ParameterSpec, from array: FloatBuffer) -> [Float] {
    guard let node = nodes[spec.node] else { return [] }
    return (0..<spec.count).map { array.start[place(spec, node, $0)] }
  }

  /// Writes the elements of a tensor, given in PyTorch's order.
  func write(_ values: [Float], _ spec: ParameterSpec, to array: FloatBuffer) {
    guard let node = nodes[spec.node] else { return }
    for (index, value) in values.enumerated() { array.start[place(spec, node, index)] = value }
  }

  /// The network's state in `state_dict`'s order.
  func exportState() -> [NamedTensor] {
    specs.map { spec in
      NamedTensor(
        name: spec.name, shape: spec.shape,
        values: spec.kind == .batchesTracked
          ? .int64([batchesTracked[spec.node]])
          : .float32(read(spec, from: spec.isTrainable ? trainable : running)))
    }
  }

  /// Takes over a network's state: every tensor of `state_dict`, with its shape, and no other.
  mutating func importState(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
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
