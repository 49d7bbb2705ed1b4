import Common
import Kernels
import Networks

/// A network at one resolution and batch size, laid out in memory: which kernels run in which order
/// on which buffers.
///
/// Time runs from 0 (the first node forward) over the loss to the first node backward; each buffer
/// knows when it is used.
struct ExecutionPlan {
  /// What runs for a node.
  enum Kernel {
    case dense(DenseConvolution)
    case depthwise(DepthwiseConvolution)
    case join
    case pool
  }

  /// What a node's backward pass does with one of its inputs.
  struct InputTarget {
    /// The value it is the gradient of.
    var value: Int
    /// Where it goes.
    var data: MemoryPlan.Buffer
    /// What earlier readers have left.
    var addend: MemoryPlan.Buffer?
    /// Whether the gradient is complete then.
    var isLast: Bool
  }

  /// A value's shape and what its readers do to it.
  struct Value {
    var shape: Shape
    var activation: ActivationKind = .identity
    var stride: Int
    /// The node that normalises it or adds a bias; nil for images, sums and means.
    var affineNode: Int?
  }

  let batch: Int
  private(set) var values: [Value]
  private(set) var kernels: [Kernel] = []
  /// Raw values, by value; 0, the images, has none of its own.
  private(set) var raw: [MemoryPlan.Buffer?] = [nil]
  /// The complete gradient of each node's output.
  private(set) var gradients: [MemoryPlan.Buffer?]
  private(set) var targets: [[InputTarget]]
  private(set) var memory = MemoryPlan()
  /// Floats of partial weight gradients.
  private(set) var partialCount = 0
  /// Doubles of sums.
  private(set) var sumCount = 0
  /// Floats of scratch memory for each worker.
  private(set) var scratchCount = 0

  /// The plan for up to `batch` images; `training` plans the backward pass too.
  init(_ network: Network, resolution: Int, batch: Int, training: Bool) {
    self.batch = batch
    let shapes = network.shapes(resolution: resolution)
    let nodes = network.nodes
    values = [Value(shape: shapes[0], stride: shapes[0].channels)]
    gradients = Array(repeating: nil, count: shapes.count)
    targets = Array(repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let shape = shapes[index + 1]
      var value = Value(shape: shape, stride: padded(shape.channels))
      switch node.operation {
      case .unit(let unit):
        value.activation = ActivationKind(unit.activation)
        value.affineNode = unit.batchNorm != nil || unit.convolution.bias ? index : nil
        kernels.append(Kernel(unit.convolution))
      case .scale, .dropout:
        preconditionFailure("refused by checkIsTrainable")
      case .linear(let linear):
        value.affineNode = index
        kernels.append(
          .dense(
            DenseConvolution(
              inputChannels: linear.inputFeatures, outputChannels: linear.outputFeatures)))
      case .join(let activation):
        value.activation = ActivationKind(activation)
        kernels.append(.join)
      case .globalAveragePool:
        kernels.append(.pool)
      }
      values.append(value)
      let buffer = memory.buffer(count: batch * shape.height * shape.width * value.stride)
      memory.use(buffer, at: index)
      raw.append(buffer)
      for input in node.inputs { use(raw[input], at: index) }
      size(index, inputs: node.inputs)
    }
    if training { planBackward(nodes) }
    memory.place()
  }

  private mutating func use(_ buffer: MemoryPlan.Buffer?, at time: Int) {
    if let buffer { memory.use(buffer, at: time) }
  }

  /// Makes room for what node `index` needs besides feature maps.
  private mutating func size(_ index: Int, inputs: [Int]) {
    let (input, output) = (values[inputs[0]], values[index + 1])
    let stride = max(input.stride, output.stride)
    sumCount = max(sumCount, 64 * 2 * stride)
    switch kernels[index] {
    case .dense(let convolution):
      let rows = batch * output.shape.height * output.shape.width
      let chunks = convolution.mostBackwardChunks(rows: rows)
      partialCount = max(partialCount, chunks * convolution.weightCount)
      scratchCount = max(scratchCount, convolution.scratchCount)
    case .depthwise(let convolution):
      partialCount = max(partialCount, 64 * convolution.weightCount)
      scratchCount = max(scratchCount, convolution.scratchCount(width: input.shape.width))
    case .join:
      scratchCount = max(scratchCount, Join.scratchCount(stride: stride))
    case .pool:
      break
    }
  }

  private mutating func planBackward(_ nodes: [Network.Node]) {
    let last = nodes.count
    var firstReader = Array(repeating: last, count: values.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { firstReader[input] = min(firstReader[input], index) }
    }
    let logits = gradientBuffer(of: last)
    memory.use(logits, at: last)
    use(raw[last], at: last)
    gradients[last] = logits
    for index in nodes.indices.reversed() {
      let time = 2 * last - index
      guard let gradient = gradients[index + 1] else { continue }
      memory.use(gradient, at: time)
      use(raw[index + 1], at: time)
      for input in nodes[index].inputs where input > 0 {
        use(raw[input], at: time)
        let isLast = firstReader[input] == index
        // A sum hands its gradient on as it is: where nothing else is to be done, without a copy.
        var isSum = false
        if case .join = kernels[index] { isSum = true }
        let passesOn =
          isSum && gradients[input] == nil && (!isLast || values[input].activation == .identity)
        let data = passesOn ? gradient : gradientBuffer(of: input)
        if !passesOn || (isLast && values[input].affineNode != nil) {
          targets[index].append(
            InputTarget(value: input, data: data, addend: gradients[input], isLast: isLast))
        }
        use(gradients[input], at: time)
        memory.use(data, at: time)
        gradients[input] = data
      }
    }
  }

  private mutating func gradientBuffer(of value: Int) -> MemoryPlan.Buffer {
    let shape = values[value].shape
    return memory.buffer(count: batch * shape.height * shape.width * values[value].stride)
  }
}

extension ExecutionPlan.Kernel {
  /// The kernel of a convolution.
  init(_ convolution: Conv2d) {
    // The same before and after for what checkIsTrainable lets through.
    let padding = convolution.zeros(around: convolution.stride).before
    if convolution.isDepthwise {
      self = .depthwise(
        DepthwiseConvolution(
          channels: convolution.inputChannels, kernelSize: convolution.kernelSize,
          stride: convolution.stride, padding: padding))
    } else {
      self = .dense(
        DenseConvolution(
          inputChannels: convolution.inputChannels, outputChannels: convolution.outputChannels,
          kernelSize: convolution.kernelSize, stride: convolution.stride, padding: padding))
    }
  }

  /// Floats of its weights; 0 where it has none.
  var weightCount: Int {
    switch self {
    case .dense(let convolution): convolution.weightCount
    case .depthwise(let convolution): convolution.weightCount
    case .join, .pool: 0
    }
  }
}

extension ActivationKind {
  /// The kernels' form of a network's activation.
  init(_ activation: Activation) {
    switch activation {
    case .identity: self = .identity
    case .relu: self = .clamp(low: 0, high: .infinity)
    case .relu6: self = .clamp(low: 0, high: 6)
    case .leakyReLU(let slope): self = .leaky(slope: slope)
    case .hardSwish, .hardSigmoid: preconditionFailure("refused by checkIsTrainable")
    }
  }
}

extension Network {
  /// Throws a `SweepError` that names the layer where there is one that cannot be trained yet.
  public func checkIsTrainable() throws(SweepError) {
    for node in nodes {
      let runs =
        switch node.operation {
        case .unit(let unit):
          unit.convolution.padding != .same && !unit.convolution.bias && unit.batchNorm != nil
            && unit.activation != .hardSwish && unit.activation != .hardSigmoid
        case .linear(let linear): linear.activation == .identity
        case .join, .globalAveragePool: true
        case .scale, .dropout: false
        }
      guard runs else {
        throw SweepError(.badInput, "\(node.name) of \(name) cannot be trained yet")
      }
    }
  }
}
