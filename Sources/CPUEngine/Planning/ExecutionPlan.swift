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
    case scale
    case pool
    /// Zero with that probability.
    case dropout(Float)
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
  /// What dropout multiplies by, `[batch, stride]`, by node; nil for other nodes and in evaluation.
  private(set) var masks: [MemoryPlan.Buffer?]
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

  /// The plan for up to `batch` images; `training` plans the backward pass too, down to the first
  /// node that is not among the `frozen` ones at the start.
  init(_ network: Network, resolution: Int, batch: Int, training: Bool, frozen: Int = 0) {
    self.batch = batch
    let shapes = network.shapes(resolution: resolution)
    let nodes = network.nodes
    values = [Value(shape: shapes[0], stride: shapes[0].channels)]
    gradients = Array(repeating: nil, count: shapes.count)
    targets = Array(repeating: [], count: nodes.count)
    masks = Array(repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let shape = shapes[index + 1]
      if case .dropout(let probability) = node.operation, !training {
        // The input itself, under another number.
        kernels.append(.dropout(probability))
        values.append(values[node.inputs[0]])
        raw.append(raw[node.inputs[0]])
        continue
      }
      var value = Value(shape: shape, stride: padded(shape.channels))
      switch node.operation {
      case .unit(let unit):
        value.activation = ActivationKind(unit.activation)
        value.affineNode = unit.batchNorm != nil || unit.convolution.bias ? index : nil
        kernels.append(Kernel(unit.convolution, inputSize: values[node.inputs[0]].shape.height))
      case .linear(let linear):
        value.activation = ActivationKind(linear.activation)
        value.affineNode = index
        kernels.append(
          .dense(
            DenseConvolution(
              inputChannels: linear.inputFeatures, outputChannels: linear.outputFeatures)))
      case .join(let activation):
        value.activation = ActivationKind(activation)
        kernels.append(.join)
      case .scale:
        kernels.append(.scale)
      case .globalAveragePool:
        kernels.append(.pool)
      case .dropout(let probability):
        kernels.append(.dropout(probability))
        let mask = memory.buffer(count: batch * value.stride)
        memory.use(mask, at: index)
        masks[index] = mask
      }
      values.append(value)
      let buffer = memory.buffer(count: batch * shape.height * shape.width * value.stride)
      memory.use(buffer, at: index)
      raw.append(buffer)
      for input in node.inputs { use(raw[input], at: index) }
      size(index, inputs: node.inputs)
    }
    if training { planBackward(nodes, frozen: frozen) }
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
    case .scale, .dropout:
      scratchCount = max(scratchCount, Scale.scratchCount(stride: stride))
    case .pool:
      break
    }
  }

  private mutating func planBackward(_ nodes: [Network.Node], frozen: Int) {
    let last = nodes.count
    var firstReader = Array(repeating: last, count: values.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { firstReader[input] = min(firstReader[input], index) }
    }
    let logits = gradientBuffer(of: last)
    memory.use(logits, at: last)
    use(raw[last], at: last)
    gradients[last] = logits
    // Gradients that a sum has handed on, maybe to several values: not to be added to in place.
    var shared: Set<MemoryPlan.Buffer> = []
    for index in nodes.indices.reversed() {
      let time = 2 * last - index
      guard let gradient = gradients[index + 1] else { continue }
      memory.use(gradient, at: time)
      use(raw[index + 1], at: time)
      use(masks[index], at: time)
      for input in nodes[index].inputs { use(raw[input], at: time) }
      planUnused(index, frozen: frozen, input: nodes[index].inputs[0], at: time)
      for (place, input) in nodes[index].inputs.enumerated() where input > frozen {
        let isLast = firstReader[input] == index
        let addend = gradients[input]
        var passesOn = false
        var data: MemoryPlan.Buffer?
        switch kernels[index] {
        case .join:
          // A sum hands its gradient on as it is: where nothing else is to be done, without a copy.
          passesOn = addend == nil && (!isLast || values[input].activation == .identity)
          if passesOn {
            data = gradient
            shared.insert(gradient)
          }
        case .scale where place == 1:
          // The sums over the pixels, which are not added to others yet.
          data = gradientBuffer(of: input)
        case .scale where addend == nil && !shared.contains(gradient):
          data = gradient
        default: break
        }
        if data == nil, let addend, !shared.contains(addend) { data = addend }
        let target = data ?? gradientBuffer(of: input)
        if !passesOn || (isLast && values[input].affineNode != nil) {
          targets[index].append(
            InputTarget(value: input, data: target, addend: addend, isLast: isLast))
        }
        use(addend, at: time)
        memory.use(target, at: time)
        gradients[input] = target
      }
    }
  }

  /// A depthwise kernel makes its input's gradient with that of its weights: room for one that
  /// nobody reads.
  private mutating func planUnused(_ index: Int, frozen: Int, input: Int, at time: Int) {
    guard case .depthwise = kernels[index], input <= frozen, input > 0 else { return }
    let data = gradientBuffer(of: input)
    memory.use(data, at: time)
    targets[index] = [InputTarget(value: input, data: data, addend: nil, isLast: false)]
  }

  private mutating func gradientBuffer(of value: Int) -> MemoryPlan.Buffer {
    let shape = values[value].shape
    return memory.buffer(count: batch * shape.height * shape.width * values[value].stride)
  }
}

extension ExecutionPlan.Kernel {
  /// The kernel of a convolution over `inputSize` rows and columns, which "same" padding depends on;
  /// any number does where only the weights matter.
  init(_ convolution: Conv2d, inputSize: Int = 1) {
    let padding = convolution.zeros(around: inputSize).before
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
    case .join, .scale, .pool, .dropout: 0
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
    case .hardSwish: self = .hardSwish
    case .hardSigmoid: self = .hardSigmoid
    }
  }
}
